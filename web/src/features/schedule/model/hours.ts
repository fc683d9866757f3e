/**
 * Working hours as the API writes them: a list of ["09:00", "21:00"]. An end that is not after the start lies on the
 * next day; "24:00" is midnight. A day off is an empty list. Weeks are seven such lists, Monday first.
 */
import { readClock } from '@/lib/typed/clock';

type Interval = readonly [string, string];
export type Hours = readonly Interval[];
export type Week = readonly Hours[];

export const WEEKDAYS = ['Понедельник', 'Вторник', 'Среда', 'Четверг', 'Пятница', 'Суббота', 'Воскресенье'] as const;
export const WEEKDAYS_SHORT = ['пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс'] as const;

const DAY = 1440;

/** Minutes since midnight of "09:30"; "24:00" is 1440. */
function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** "09:30" of minutes since midnight, 0…1440; what lies on the next day is written by its own clock time. */
function timeOf(minutes: number): string {
  const within = minutes > DAY ? minutes - DAY : minutes;
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`;
}

/** Start and end in minutes since midnight of the day itself; the end may run past 1440. */
function span([from, to]: Interval): [number, number] {
  const start = minutesOf(from);
  const end = minutesOf(to);
  return [start, end > start ? end : end + DAY];
}

/** One end of an interval as it is typed. */
const readEnd = (text: string) => readClock(text, { endOfDay: true });

/** The Russian reason why these hours can't be kept, or null. */
export function hoursFault(hours: Hours): string | null {
  const spans: [number, number][] = [];
  for (const [from, to] of hours) {
    const [start, end] = [readEnd(from), readEnd(to)];
    if (from.trim() === '' || to.trim() === '') return 'Укажите время начала и конца, например 09:00 и 21:00.';
    if (!start.ok) return `${start.reason}.`;
    if (!end.ok) return `${end.reason}.`;
    if (start.value === '24:00') return 'Смена не может начинаться в 24:00: укажите 00:00 следующего дня.';
    spans.push(span([start.value, end.value]));
  }
  spans.sort((a, b) => a[0] - b[0]);
  for (let index = 1; index < spans.length; index += 1) {
    const before = spans[index - 1];
    const after = spans[index];
    if (before && after && after[0] < before[1]) {
      return `Интервалы ${write(before)} и ${write(after)} пересекаются.`;
    }
  }
  return null;
}

function write([start, end]: [number, number]): string {
  return `${timeOf(start)}–${timeOf(end)}`;
}

function timeIn(text: string): string {
  const read = readEnd(text);
  return read.ok ? read.value : text;
}

/** Sorted, with touching intervals joined: the one form in which hours are compared and sent. */
export function normalised(hours: Hours): Hours {
  const spans = hours.map(([from, to]) => span([timeIn(from), timeIn(to)])).sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const next of spans) {
    const last = joined.at(-1);
    if (last && next[0] === last[1] && next[1] - last[0] <= DAY) last[1] = next[1];
    else joined.push([...next]);
  }
  return joined.map(([start, end]) => [timeOf(start), timeOf(end)] as const);
}

export function sameHours(a: Hours, b: Hours): boolean {
  return a.length === b.length && a.every(([from, to], index) => b[index]?.[0] === from && b[index][1] === to);
}

export function sameWeek(a: Week | null, b: Week | null): boolean {
  if (a === null || b === null) return a === b;
  return a.every((hours, day) => sameHours(hours, b[day] ?? []));
}

/** "09:00–13:00, 14:00–18:00", or "выходной". */
export function writeHours(hours: Hours): string {
  return hours.length === 0 ? 'выходной' : hours.map(([from, to]) => `${from}–${to}`).join(', ');
}

/** The shortest clear form of one end for a narrow cell: "9", "9:30", "24". */
export function shortTime(time: string): string {
  const minutes = minutesOf(time);
  const rest = minutes % 60;
  return rest === 0 ? String(minutes / 60) : `${String(Math.floor(minutes / 60))}:${String(rest).padStart(2, '0')}`;
}

/** Does an interval of these hours run past midnight? */
export function overMidnight(hours: Hours): boolean {
  return hours.some((interval) => span(interval)[1] > DAY);
}

/** Hours of work in a day, for the sums: 12, 7.5. */
export function total(hours: Hours): number {
  return hours.reduce((sum, interval) => sum + (span(interval)[1] - span(interval)[0]) / 60, 0);
}

/** A week in as few words as it takes: "пн–пт 09:00–21:00; сб, вс выходной". */
export function writeWeek(week: Week): string {
  const groups: { days: number[]; hours: Hours }[] = [];
  week.forEach((hours, day) => {
    const same = groups.find((group) => sameHours(group.hours, hours));
    if (same) same.days.push(day);
    else groups.push({ days: [day], hours });
  });
  if (groups.length === 1 && groups[0]) return `ежедневно ${writeHours(groups[0].hours)}`;
  return groups.map((group) => `${writeDays(group.days)} ${writeHours(group.hours)}`).join('; ');
}

function writeDays(days: number[]): string {
  const runs: [number, number][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last?.[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs
    .map(([from, to]) => {
      const first = WEEKDAYS_SHORT[from] ?? '';
      const last = WEEKDAYS_SHORT[to] ?? '';
      if (from === to) return first;
      return to === from + 1 ? `${first}, ${last}` : `${first}–${last}`;
    })
    .join(', ');
}

const LUNCH = 13 * 60;
const HOUR = 60;

/** The hours with one more break: an hour taken out of the longest interval, about midday where that lies inside. */
export function withBreak(hours: Hours): Hours {
  const spans = normalised(hours).map(span);
  const longest = spans.reduce<[number, number] | null>(
    (best, next) => (!best || next[1] - next[0] > best[1] - best[0] ? next : best),
    null,
  );
  if (!longest || longest[1] - longest[0] < 3 * HOUR) return hours;
  const [start, end] = longest;
  const middle = Math.round((start + end - HOUR) / 2 / 30) * 30;
  const at = start + HOUR <= LUNCH && LUNCH + 2 * HOUR <= end ? LUNCH : middle;
  return spans
    .flatMap((each) => (each === longest ? [[start, at] as const, [at + HOUR, end] as const] : [each]))
    .map(([from, to]) => [timeOf(from), timeOf(to)] as const);
}
