import { describe, expect, it } from 'vitest';
import {
  hoursFault,
  normalised,
  overMidnight,
  shortTime,
  total,
  withBreak,
  writeHours,
  writeWeek,
  type Hours,
} from './hours';

describe('hours', () => {
  it('are sorted, and touching intervals are joined', () => {
    expect(
      normalised([
        ['14:00', '18:00'],
        ['09:00', '13:00'],
        ['13:00', '14:00'],
      ]),
    ).toEqual([['09:00', '18:00']]);
  });

  it('keep an end on the next day', () => {
    const night: Hours = [['20:00', '08:00']];
    expect(normalised(night)).toEqual(night);
    expect(overMidnight(night)).toBe(true);
    expect(total(night)).toBe(12);
    expect(overMidnight([['20:00', '24:00']])).toBe(false);
  });

  it('that overlap are refused with both intervals named', () => {
    expect(
      hoursFault([
        ['09:00', '13:00'],
        ['12:00', '18:00'],
      ]),
    ).toBe('Интервалы 09:00–13:00 и 12:00–18:00 пересекаются.');
    expect(
      hoursFault([
        ['09:00', '13:00'],
        ['13:00', '18:00'],
      ]),
    ).toBeNull();
    expect(hoursFault([['', '13:00']])).toMatch(/Укажите время/);
  });

  it('get a break of an hour in the longest interval', () => {
    expect(withBreak([['09:00', '21:00']])).toEqual([
      ['09:00', '13:00'],
      ['14:00', '21:00'],
    ]);
    expect(withBreak([['20:00', '08:00']])).toEqual([
      ['20:00', '01:30'],
      ['02:30', '08:00'],
    ]);
    expect(withBreak([['09:00', '11:00']])).toEqual([['09:00', '11:00']]);
  });

  it('are written shortly', () => {
    expect(writeHours([])).toBe('выходной');
    expect(
      writeHours([
        ['09:00', '13:00'],
        ['14:00', '18:00'],
      ]),
    ).toBe('09:00–13:00, 14:00–18:00');
    expect(shortTime('09:00')).toBe('9');
    expect(shortTime('09:30')).toBe('9:30');
    expect(shortTime('24:00')).toBe('24');
  });
});

describe('a week in words', () => {
  const work: Hours = [['09:00', '21:00']];
  it('names every day once', () => {
    expect(writeWeek(Array<Hours>(7).fill(work))).toBe('ежедневно 09:00–21:00');
    expect(writeWeek([work, work, work, work, work, [], []])).toBe('пн–пт 09:00–21:00; сб, вс выходной');
    expect(writeWeek([work, [], work, [], work, [], []])).toBe('пн, ср, пт 09:00–21:00; вт, чт, сб, вс выходной');
  });
});
