import { describe, expect, it } from 'vitest';
import { answered, connection } from './connection';

describe('the line', () => {
  it('is as the request that was sent last found it, in whatever order requests end', () => {
    answered(true, 10);
    expect(connection.get()).toBe('online');
    answered(false, 30);
    expect(connection.get()).toBe('lost');
    answered(true, 20); // it was answered before the line was cut, and is read only now
    expect(connection.get()).toBe('lost');
    answered(true, 40);
    expect(connection.get()).toBe('online');
    answered(false, 35); // given up at last, while a later one has been answered
    expect(connection.get()).toBe('online');
  });
});
