import { describe, expect, it } from 'vitest';
import { addDays, addMonths, datesFrom, lastOf, mondayOf, weekdayOf, writeDate, writeMonth, writeSpan } from './dates';

describe('calendar dates', () => {
  it('know weekdays and months', () => {
    expect(weekdayOf('2026-11-23')).toBe(0);
    expect(mondayOf('2026-11-29')).toBe('2026-11-23');
    expect(lastOf('2028-02')).toBe('2028-02-29');
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(datesFrom('2026-11-29', '2026-12-02')).toEqual(['2026-11-29', '2026-11-30', '2026-12-01', '2026-12-02']);
    expect(datesFrom('2026-11-29', '2026-11-01')).toEqual([]);
  });

  it('are written in Russian', () => {
    expect(writeMonth('2026-11')).toBe('Ноябрь 2026');
    expect(writeDate('2026-11-04')).toBe('04.11.2026');
    expect(writeSpan('2026-11-23', '2026-11-29')).toBe('23 – 29 ноября 2026');
    expect(writeSpan('2026-11-30', '2026-12-06')).toBe('30 ноября – 6 декабря 2026');
  });
});
