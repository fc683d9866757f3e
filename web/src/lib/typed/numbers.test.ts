import { describe, expect, it } from 'vitest';
import { readNumber, formatNumber } from './numbers';

const sum = (text: string) => {
  const read = readNumber(text, { decimals: 2, max: 99_999_999, unit: '₽' });
  return read.ok ? read.value : null;
};
const whole = (text: string) => {
  const read = readNumber(text, { decimals: 0, min: 1, max: 999 });
  return read.ok ? read.value : null;
};

describe('a sum', () => {
  it.each([
    ['1 500,50 ₽', '1500.5'],
    ['1500,00', '1500'],
    ['1500.5', '1500.5'],
    ['1500,5', '1500.5'],
    ['1500', '1500'],
    ['1\u00a0500\u00a0₽', '1500'],
    ['1\u202f500,50', '1500.5'],
    ['12 345 678', '12345678'],
    ['1500₽', '1500'],
    ['1500 руб.', '1500'],
    ['1500 рублей', '1500'],
    ['1500р', '1500'],
    ['1,500.50', '1500.5'],
    ['1.500,50', '1500.5'],
    ['0', '0'],
    ['0,01', '0.01'],
    ['007', '7'],
  ])('«%s» is %s', (text, value) => {
    expect(sum(text)).toBe(value);
  });

  it.each([
    '',
    '1,500', // a thousand and a half, or one and a half
    '1.500',
    '15 00', // roubles and kopecks?
    '1 50',
    '1500,505',
    '1 500 50',
    '1500,50,1',
    '-5',
    '1500 руб 5 коп', // 5 or 50?
    '1e3',
    '100000000',
    '1500 $',
    'полторы тысячи',
    '1500-50',
    '٣',
    'Infinity',
  ])('is not guessed from «%s»', (text) => {
    expect(sum(text)).toBeNull();
  });

  it('is shown as people write it', () => {
    expect(['1500.50', '1500.00', '12345678', '0.5', 'полторы'].map((each) => formatNumber(each, '₽'))).toEqual([
      '1\u00a0500,50',
      '1\u00a0500',
      '12\u00a0345\u00a0678',
      '0,50',
      'полторы',
    ]);
    expect(formatNumber('0.5')).toBe('0,5');
  });
});

describe('a whole number', () => {
  it.each([
    ['2', '2'],
    [' 12 ', '12'],
    ['999', '999'],
  ])('«%s» is %s', (text, value) => {
    expect(whole(text)).toBe(value);
  });

  it.each(['0', '1000', '1,5', '1.0', '-1', 'два'])('is not guessed from «%s»', (text) => {
    expect(whole(text)).toBeNull();
  });
});
