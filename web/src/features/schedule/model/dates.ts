/** Calendar dates as "2026-11-14": calculated without a clock, so that no time zone can shift them. */
import { addDays, daysBetween, type LocalDate } from '@/lib/time';

export { addDays, mondayOf, formatDate as writeDate } from '@/lib/time';
export type DateKey = LocalDate;

function utc(date: DateKey): Date {
  return new Date(`${date}T00:00:00Z`);
}

function key(date: Date): DateKey {
  return date.toISOString().slice(0, 10);
}

/** 0 = Monday … 6 = Sunday. */
export function weekdayOf(date: DateKey): number {
  return (utc(date).getUTCDay() + 6) % 7;
}

/** "2026-11" of a date. */
export function monthOf(date: DateKey): string {
  return date.slice(0, 7);
}

export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return key(new Date(Date.UTC(year, number - 1 + count, 1))).slice(0, 7);
}

export function firstOf(month: string): DateKey {
  return `${month}-01`;
}

export function lastOf(month: string): DateKey {
  return addDays(firstOf(addMonths(month, 1)), -1);
}

export function datesFrom(from: DateKey, to: DateKey): DateKey[] {
  const count = Math.max(0, daysBetween(from, to) + 1);
  return Array.from({ length: count }, (_, index) => addDays(from, index));
}

export function isMonth(text: string): boolean {
  return /^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/.test(text);
}

const MONTH_FORMAT = new Intl.DateTimeFormat('ru-RU', { month: 'long', timeZone: 'UTC' });
const LONG_FORMAT = new Intl.DateTimeFormat('ru-RU', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
});
const DAY_MONTH_FORMAT = new Intl.DateTimeFormat('ru-RU', { day: 'numeric', month: 'long', timeZone: 'UTC' });

/** "Ноябрь 2026" */
export function writeMonth(month: string): string {
  const name = MONTH_FORMAT.format(utc(firstOf(month)));
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${month.slice(0, 4)}`;
}

/** "суббота, 14 ноября", where the year stands beside it */
export function writeLongDate(date: DateKey): string {
  return LONG_FORMAT.format(utc(date));
}

/** "9 – 15 ноября 2026", "30 ноября – 6 декабря 2026" */
export function writeSpan(from: DateKey, to: DateKey): string {
  const year = to.slice(0, 4);
  if (monthOf(from) === monthOf(to))
    return `${String(Number(from.slice(8)))} – ${DAY_MONTH_FORMAT.format(utc(to))} ${year}`;
  return `${DAY_MONTH_FORMAT.format(utc(from))} – ${DAY_MONTH_FORMAT.format(utc(to))} ${year}`;
}
