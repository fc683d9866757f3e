import { describe, expect, it } from 'vitest';
import { isAbout } from './isAbout';

const FOUND = { id: 'p', name: 'Семёнова Анна Юрьевна', phone: '9123456789', card_number: '104' };

describe('somebody found by a former text', () => {
  it.each(['Сем', 'семенова', ' Анна  СЕМЁ', '456', '+7 912', '104', 'Юрь 104'])('is still meant by «%s»', (text) => {
    expect(isAbout(FOUND, text)).toBe(true);
  });

  it.each(['Семёнов К', 'Иванова', '105', 'Анна 912 999'])('is not meant by «%s»', (text) => {
    expect(isAbout(FOUND, text)).toBe(false);
  });
});
