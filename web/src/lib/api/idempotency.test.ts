import { describe, expect, it } from 'vitest';
import { fingerprint, keyOf, settled } from './idempotency';

describe('keys of commands', () => {
  const booking = fingerprint('POST', '/api/visits', null, '{"a":1}');

  it('stay the same while the outcome is unknown and change afterwards', () => {
    const first = keyOf(booking);
    expect(keyOf(booking)).toBe(first);
    settled(booking);
    expect(keyOf(booking)).not.toBe(first);
  });

  it('differ for another body, address or version', () => {
    const others = [
      fingerprint('POST', '/api/visits', null, '{"a":2}'),
      fingerprint('POST', '/api/patients', null, '{"a":1}'),
      fingerprint('POST', '/api/visits', '"3"', '{"a":1}'),
    ];
    expect(new Set([booking, ...others].map(keyOf)).size).toBe(4);
  });

  it('are UUIDs of version 4', () => {
    expect(keyOf('anything')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
