import { describe, expect, it } from 'vitest';
import { readPhone } from './phones';

const phone = (text: string) => {
  const read = readPhone(text);
  return read.ok ? read.value : null;
};

describe('a phone', () => {
  it.each([
    '+7 912 345-67-89',
    '8 912 345-67-89',
    '8(912)345-67-89',
    '+7(912)3456789',
    '89123456789',
    '79123456789',
    '9123456789',
    '912 345 67 89',
    '8.912.345.67.89',
    '8\u00a0912\u00a0345‑67–89',
    'тел. 8 912 345 67 89',
  ])('is read from «%s»', (text) => {
    expect(phone(text)).toBe('+7 912 345-67-89');
  });

  it.each([
    ['8 843 200-10-20', '+7 843 200-10-20'],
    ['8432001020', '+7 843 200-10-20'],
    ['+380 50 123 45 67', '+380 50 123-45-67'],
    ['+375 (29) 123-45-67', '+375 29 123-45-67'],
    ['+49 30 901820', '+4930901820'],
  ])('«%s» is %s', (text, shown) => {
    expect(phone(text)).toBe(shown);
  });

  it.each([
    '',
    '123',
    '8 912 345-67-8', // a digit short
    '7912345678',
    '912345678',
    '+7 912 345-67-8',
    '8 912 345-67-890',
    '+7 912 345-67-890',
    '380501234567', // another country without its +
    '345-67-89',
    '8 912 345-67-89 доб. 12',
    '8 912 345-67-89, 8 913 555-01-01',
    'нет',
    '+',
  ])('is not guessed from «%s»', (text) => {
    expect(phone(text)).toBeNull();
  });

  it('says that digits are missing', () => {
    const read = readPhone('8 912 345-67-8');
    expect(read.ok ? '' : read.reason).toMatch(/^Не хватает цифр/);
  });
});
