import { describe, expect, it } from 'vitest';
import { readClock, readDuration } from './clock';

const clock = (text: string, endOfDay = false) => {
  const read = readClock(text, { endOfDay });
  return read.ok ? read.value : null;
};
const minutes = (text: string) => {
  const read = readDuration(text);
  return read.ok ? read.value : null;
};

describe('a clock time', () => {
  it.each(['9', '09', '9:00', '09:00', '9.00', '9-00', '9,00', '9 00', '900', '0900', ' 9 ч', '9ч', 'в 9', '9 часов'])(
    'is read from «%s»',
    (text) => {
      expect(clock(text)).toBe('09:00');
    },
  );

  it.each([
    ['9.30', '09:30'],
    ['9-30', '09:30'],
    ['930', '09:30'],
    ['0930', '09:30'],
    ['9 ч 30 мин', '09:30'],
    ['9ч30', '09:30'],
    ['0', '00:00'],
    ['0005', '00:05'],
    ['23:59', '23:59'],
    ['130', '01:30'],
  ])('«%s» is %s', (text, time) => {
    expect(clock(text)).toBe(time);
  });

  it.each([
    '',
    '25',
    '25:00',
    '2500',
    '9:60',
    '960',
    '24',
    '24:10',
    '9:5',
    '9:',
    '12345',
    '9:00:00',
    'утром',
    '-9',
    '9.5.1',
  ])('is not guessed from «%s»', (text) => {
    expect(clock(text)).toBeNull();
  });

  it('may be the midnight that ends a day where a day can end', () => {
    expect([clock('24', true), clock('2400', true), clock('24:00', true), clock('24:01', true)]).toEqual([
      '24:00',
      '24:00',
      '24:00',
      null,
    ]);
  });
});

describe('a duration', () => {
  it.each([
    ['40', 40],
    ['40 мин', 40],
    ['40мин.', 40],
    ['40 минут', 40],
    ['1 ч', 60],
    ['1ч 20м', 80],
    ['1 час 20 минут', 80],
    ['1:20', 80],
    ['0:45', 45],
    ['1,5 ч', 90],
    ['1.5ч', 90],
    ['1440', 1440],
  ])('«%s» is %s', (text, expected) => {
    expect(minutes(text)).toBe(expected);
  });

  it.each(['', '0', '1441', '25 ч', '-5', '1,5', '40.5', '1:60', '1:2', 'час', '1,55 ч 3 мин', '1e2'])(
    'is not guessed from «%s»',
    (text) => {
      expect(minutes(text)).toBeNull();
    },
  );
});
