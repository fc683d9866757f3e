import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMinutes,
  clinicNow,
  clock,
  isLocalDate,
  minuteFrom,
  minutesBetween,
  mondayOf,
  momentAt,
  parseClock,
  formatDay,
  formatDuration,
  toClinic,
} from './time';

describe('the clinic’s wall clock', () => {
  it('runs over midnight and the end of a month', () => {
    expect(momentAt('2026-11-30', 1500)).toBe('2026-12-01T01:00:00');
    expect(addMinutes('2026-12-31T23:50:00', 20)).toBe('2027-01-01T00:10:00');
    expect(minutesBetween('2026-11-30T23:30:00', '2026-12-01T00:15:00')).toBe(45);
    expect(minuteFrom('2026-12-01', '2026-11-30T23:30:00')).toBe(-30);
  });

  it('knows no summer time, whatever zone the browser is in', () => {
    // Europe changes its clocks in this night
    expect(addMinutes('2026-03-29T01:30:00', 60)).toBe('2026-03-29T02:30:00');
    expect(addDays('2026-03-28', 1)).toBe('2026-03-29');
  });

  it('begins the week on Monday', () => {
    expect([mondayOf('2026-11-23'), mondayOf('2026-11-29')]).toEqual(['2026-11-23', '2026-11-23']);
  });

  it('is that of the clinic’s zone', () => {
    const noon = new Date('2026-11-23T12:00:00Z');
    expect(clinicNow('Europe/Samara', noon)).toBe('2026-11-23T16:00:00');
    expect(toClinic('2026-11-23T20:30:00+00:00', 'Asia/Vladivostok')).toBe('2026-11-24T06:30:00');
  });

  it('names the year of a day that is not of this one', () => {
    expect(formatDay('2026-11-23', '2026-01-01')).toBe('понедельник, 23 ноября');
    expect(formatDay('2026-11-23T09:20:00', '2027-01-01')).toBe('понедельник, 23 ноября 2026');
  });

  it('takes from an address real days alone', () => {
    const days = [
      '2026-02-28',
      '2028-02-29',
      '2026-02-30',
      '2026-13-01',
      '0112-01-01',
      '9999-12-31',
      '2026-2-3',
      20260203,
    ];
    expect(days.map(isLocalDate)).toEqual([true, true, ...Array<boolean>(6).fill(false)]);
  });

  it('reads and tells clock times', () => {
    expect([parseClock('9:05'), parseClock('24:00'), parseClock('24:10'), parseClock('9:60'), parseClock('')]).toEqual([
      545,
      1440,
      null,
      null,
      null,
    ]);
    expect([clock(545), clock(1440), clock(1500)]).toEqual(['09:05', '24:00', '01:00']);
    expect([formatDuration(45), formatDuration(60), formatDuration(95)]).toEqual(['45 мин', '1 ч', '1 ч 35 мин']);
  });
});
