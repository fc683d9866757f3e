/** Dates as people type them: д.м, д.м.гг, д.м.гггг, ддмм, ддммгг, ддммгггг, «5 декабря», «завтра», «в среду», «через неделю». */
import { addDays, daysBetween, isLocalDate, type LocalDate } from '@/lib/time';
import { plainText, type Read, refused, understood } from './read';

/**
 * Which year is meant where none is typed, and which century by two digits.
 * - `coming` (booking): the first such day from a month ago on, so that a day just gone by stays one; two digits are 20гг;
 * - `this-year` (periods, settings): the year of today; two digits are 20гг;
 * - `past` (the state at a day): the last such day up to today; two digits: the last such year up to today;
 * - `named` (papers, birth): the year must be typed; two digits as with `past`.
 */
export type Leaning = 'coming' | 'this-year' | 'past' | 'named';

export interface DateRules {
  readonly today: LocalDate;
  readonly leaning: Leaning;
  /** The first and the last day that can be meant. */
  readonly min?: LocalDate | undefined;
  readonly max?: LocalDate | undefined;
  /** «05.2028» and «05.28» are the last day of that month, as packages say until when they are good. */
  readonly monthsEnd?: boolean | undefined;
}

const JUST_PAST_DAYS = 31;
/** As `EARLIEST_BIRTH` in aggregates/people/person.py. */
const FIRST_YEAR = 1890;
const LAST_YEAR = 2100;

const UNREAD = 'Не похоже на дату. Например: 5.12, 5.12.2026 или завтра';
const WORDS: Readonly<Record<string, number>> = { позавчера: -2, вчера: -1, сегодня: 0, завтра: 1, послезавтра: 2 };
const WEEKDAYS = [
  ['понедельник', 'пн', 'пон'],
  ['вторник', 'вт', 'втр'],
  ['среда', 'ср', 'среду'],
  ['четверг', 'чт', 'чет'],
  ['пятница', 'пт', 'пятницу', 'пят'],
  ['суббота', 'сб', 'субботу', 'суб'],
  ['воскресенье', 'вс', 'воскресение', 'вск'],
] as const;
const MONTHS = [
  ['январь', 'января'],
  ['февраль', 'февраля'],
  ['март', 'марта'],
  ['апрель', 'апреля'],
  ['май', 'мая'],
  ['июнь', 'июня'],
  ['июль', 'июля'],
  ['август', 'августа'],
  ['сентябрь', 'сентября'],
  ['октябрь', 'октября'],
  ['ноябрь', 'ноября'],
  ['декабрь', 'декабря'],
] as const;

/** Day, month and year as they stand in the text. */
interface Parts {
  readonly day: number;
  readonly month: number;
  /** null where none is typed. */
  readonly year: { readonly number: number; readonly digits: number } | null;
}

export function readDate(text: string, rules: DateRules): Read<LocalDate> {
  const plain = plainDate(text);
  const read = (rules.monthsEnd === true ? monthsEnd(plain) : null) ?? dateIn(plain, rules);
  if (!read.ok) return read;
  if (rules.min !== undefined && read.value < rules.min) return refused(`Не раньше ${written(rules.min)}`);
  if (rules.max !== undefined && read.value > rules.max) return refused(`Не позже ${written(rules.max)}`);
  return read;
}

function monthsEnd(plain: string): Read<LocalDate> | null {
  const [, first, after, before, last] = /^(?:(\d{1,2})[./ -](\d{2}|\d{4})|(\d{4})-(\d{2}))$/.exec(plain) ?? [];
  const [typed, month] = [after ?? before ?? '', Number(first ?? last)];
  if (typed.length === 2 && Number(typed) <= 12) return null; // «5.11» is a day
  const year = Number(typed) + (typed.length === 2 ? 2000 : 0);
  if (!(month >= 1 && month <= 12)) return null;
  const next = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
  return isLocalDate(next) ? understood(addDays(next, -1), false) : null;
}

function dateIn(plain: string, rules: DateRules): Read<LocalDate> {
  const { today } = rules;
  const word = WORDS[plain];
  if (word !== undefined) return understood(addDays(today, word), false);
  const later = /^через (?:(\d{1,3}) )?(день|дня|дней|неделю|недели|недель)$/.exec(plain);
  if (later !== null)
    return understood(addDays(today, Number(later[1] ?? 1) * (later[2]?.startsWith('н') ? 7 : 1)), true);
  const [first = '', ...rest] = plain.replace(/^во? /, '').split(/[ ,]+/);
  const weekday = WEEKDAYS.findIndex((names) => (names as readonly string[]).includes(first.replace(/\.$/, '')));
  if (weekday !== -1) {
    if (rest.length === 0) return understood(nearWeekday(weekday, rules), false);
    const read = dateIn(rest.join(' '), rules);
    if (!read.ok || weekdayOf(read.value) === weekday) return read;
    return refused(`${written(read.value)} – ${WEEKDAYS[weekdayOf(read.value)]?.[0] ?? ''}`);
  }
  if (isLocalDate(plain)) return understood(plain, true);
  const parts = partsIn(plain);
  return parts === null ? refused(UNREAD) : dated(parts, rules);
}

/** Without what surrounds a date: «5.12.2026 г.», «5 дек.». */
function plainDate(text: string): string {
  return plainText(text)
    .replace(/(\d)\s*(г|г\. ?р|года?)\.?$/, '$1')
    .replace(/[., ]+$/, '');
}

function partsIn(plain: string): Parts | null {
  const digits = /^(\d{2})(\d{2})(\d{2}|\d{4})?$/.exec(plain);
  // one separator throughout: «1-5.12» is no date
  const apart = /^(\d{1,2}) ?([./,\- ]) ?(\d{1,2})(?: ?\2 ?(\d{2}|\d{4}))?$/.exec(plain);
  const worded = /^(\d{1,2})[ .-]?([а-я]{3,})\.?(?:[ ,.-]*(\d{4}|\d{2}))?$/.exec(plain);
  if (digits !== null) return parts(digits[1], Number(digits[2]), digits[3]);
  if (apart !== null) return parts(apart[1], Number(apart[3]), apart[4]);
  const month = worded === null ? null : monthNamed(worded[2] ?? '');
  return worded === null || month === null ? null : parts(worded[1], month, worded[3]);
}

function parts(day: string | undefined, month: number, year: string | undefined): Parts {
  return { day: Number(day), month, year: year === undefined ? null : { number: Number(year), digits: year.length } };
}

/** By its name in either case, or the first letters of one (three or more). */
function monthNamed(word: string): number | null {
  const found = MONTHS.findIndex((names) =>
    names.some((name) => name === word || (word.length > 2 && name.startsWith(word))),
  );
  return found === -1 ? null : found + 1;
}

function dated({ day, month, year }: Parts, rules: DateRules): Read<LocalDate> {
  const { today, leaning } = rules;
  const written = `${two(day)}.${two(month)}`;
  if (year === null) {
    if (!exists(2024, month, day)) return refused(`${written} – такого дня нет`);
    if (leaning === 'named') return refused('Укажите и год');
    const now = yearOf(today);
    const years = leaning === 'this-year' ? [now] : leaning === 'past' ? [now, now - 1] : [now - 1, now, now + 1];
    const from = leaning === 'coming' ? addDays(today, -JUST_PAST_DAYS) : `${FIRST_YEAR}-01-01`;
    const found = years
      .filter((each) => exists(each, month, day))
      .map((each) => dateOf(each, month, day))
      .find((each) => each >= from && (leaning !== 'past' || each <= today));
    return found === undefined
      ? refused(`${written} – в ближайшие годы такого дня нет, укажите год`)
      : understood(found, false);
  }
  let { number } = year;
  if (year.digits === 2) {
    number += 2000;
    const backwards = leaning === 'past' || leaning === 'named';
    if (backwards && dateOf(number, month, day) > today) number -= 100;
  }
  if (!exists(number, month, day)) return refused(`${written}.${number} – такого дня нет`);
  if (number < FIRST_YEAR || number > LAST_YEAR) return refused(`Проверьте год: ${number}`);
  return understood(dateOf(number, month, day), year.digits === 4);
}

/** «Во вторник» on a Tuesday is the next one (or the last one, looking back): today has a word of its own. */
function nearWeekday(weekday: number, { today, leaning }: DateRules): LocalDate {
  const ahead = (weekday - weekdayOf(today) + 7) % 7 || 7;
  return addDays(today, leaning === 'past' || leaning === 'named' ? (ahead % 7) - 7 : ahead);
}

/** 0 = Monday. */
function weekdayOf(date: LocalDate): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function exists(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const two = (number: number) => String(number).padStart(2, '0');
const dateOf = (year: number, month: number, day: number): LocalDate =>
  `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
const yearOf = (date: LocalDate) => Number(date.slice(0, 4));

function written(date: LocalDate): string {
  return date.split('-').reverse().join('.');
}

const BIRTH_UNREAD = 'Например 15.01.1999, 15011999, 01.1999, 1999 или 15.01';

/**
 * A birth date, whole or in part, in stored form: 1999, 1999-01, 1999-01-15 or --01-15. Never in the future; of two digits the last
 * such year up to today. Four digits are a year, so a day and month need a separator.
 */
export function readBirthDate(text: string, today: LocalDate): Read<string> {
  const plain = plainDate(text);
  const year = /^\d{4}$/.exec(plain);
  if (year !== null) return partialBirth(plain, today);
  const month = /^(\d{1,2})(?: ?[./,\- ] ?)?(\d{4})$/.exec(plain);
  const named = /^([а-я]{3,})\.? (\d{4})$/.exec(plain);
  if (month?.[2] !== undefined && Number(month[2]) >= FIRST_YEAR && Number(month[2]) <= LAST_YEAR) {
    if (Number(month[1]) < 1 || Number(month[1]) > 12) return refused(`${month[1] ?? ''} – такого месяца нет`);
    return partialBirth(`${month[2]}-${two(Number(month[1]))}`, today);
  }
  const number = named === null ? null : monthNamed(named[1] ?? '');
  if (named !== null && number !== null) return partialBirth(`${named[2] ?? ''}-${two(number)}`, today);
  if (isLocalDate(plain)) return notLater(plain, today);
  const parts = partsIn(plain);
  if (parts === null) return refused(BIRTH_UNREAD);
  if (parts.year !== null) {
    const whole = dated(parts, { today, leaning: 'named' });
    return whole.ok ? notLater(whole.value, today, whole.whole) : whole;
  }
  if (!exists(2024, parts.month, parts.day)) return refused(`${two(parts.day)}.${two(parts.month)} – такого дня нет`);
  return understood(`--${two(parts.month)}-${two(parts.day)}`, false);
}

function partialBirth(stored: string, today: LocalDate): Read<string> {
  const year = yearOf(stored);
  return year < FIRST_YEAR ? refused(BIRTH_UNREAD) : notLater(stored, today, false);
}

function notLater(stored: string, today: LocalDate, whole = true): Read<string> {
  return stored > today.slice(0, stored.length)
    ? refused('Дата рождения не может быть в будущем')
    : understood(stored, whole);
}

/** Both included. */
export interface Period {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Days of a period over the turn of a year that is typed without its years. */
const MOST_OVER_YEARS = 183;
const PERIOD_UNREAD = 'Не похоже на период. Например: 1.12 – 14.12, декабрь или сегодня';

/** Days from … to …, one day, a month («декабрь», 12.2026) or a year, as people type them. */
export function readPeriod(text: string, rules: DateRules): Read<Period> {
  const read = periodIn(plainText(text), rules);
  if (!read.ok) return read;
  const { from, to } = read.value;
  if (from > to) return refused('Конец раньше начала');
  if (rules.min !== undefined && from < rules.min) return refused(`Не раньше ${written(rules.min)}`);
  if (rules.max !== undefined && to > rules.max) return refused(`Не позже ${written(rules.max)}`);
  return read;
}

function periodIn(plain: string, rules: DateRules): Read<Period> {
  if (/^\d{1,2}-\d{1,2}$/.test(plain)) return refused(PERIOD_UNREAD); // days or a month?
  const calendar = calendarPeriod(plain.replace(/ ?(г|года?)\.?$/, ''), rules);
  if (calendar !== null) return calendar;
  const whole = dateIn(plainDate(plain), rules);
  if (whole.ok) return understood({ from: whole.value, to: whole.value }, false);
  const ends = endsIn(plain);
  if (ends === null) return whole.reason === UNREAD ? refused(PERIOD_UNREAD) : whole;
  const [start, end] = ends.map(plainDate) as [string, string];
  const last = dateIn(end, rules);
  if (!last.ok) return last.reason === UNREAD ? refused(PERIOD_UNREAD) : last;
  if (/^\d{1,2}$/.test(start)) {
    // «1 – 14.12»: of the month of the end
    const [year, month] = last.value.split('-').map(Number) as [number, number];
    if (!exists(year, month, Number(start))) return refused(`${two(Number(start))}.${two(month)} – такого дня нет`);
    return understood({ from: dateOf(year, month, Number(start)), to: last.value }, last.whole);
  }
  const first = dateIn(start, rules);
  if (!first.ok) return first.reason === UNREAD ? refused(PERIOD_UNREAD) : first;
  return understood(withYears([start, first.value], [end, last.value]), last.whole);
}

/** Over the turn of a year an end typed without its year lies beside the other; one far from it is typed the wrong way round. */
function withYears([start, from]: [string, LocalDate], [end, to]: [string, LocalDate]): Period {
  const open = (text: string) => partsIn(text)?.year === null;
  const near = (first: LocalDate, last: LocalDate) => daysBetween(first, last) <= MOST_OVER_YEARS;
  if (open(start) && !open(end)) {
    const same = `${to.slice(0, 4)}${from.slice(4)}`;
    return { from: same > to && near(moved(same, -1), to) ? moved(same, -1) : same, to };
  }
  const next = moved(`${from.slice(0, 4)}${to.slice(4)}`, 1);
  return from > to && open(end) && near(from, next) ? { from, to: next } : { from, to };
}

function moved(date: LocalDate, years: number): LocalDate {
  return `${yearOf(date) + years}${date.slice(4)}`;
}

function endsIn(plain: string): [string, string] | null {
  const clear = /^(?:с |от )?(.+?)(?: ?[–—] ?| - | по | до | ?\.{2,3} ?)(.+)$/.exec(plain);
  if (clear !== null) return [clear[1] ?? '', clear[2] ?? ''];
  const hyphen = /^([^-]+)-([^-]+)$/.exec(plain);
  return hyphen === null ? null : [hyphen[1] ?? '', hyphen[2] ?? ''];
}

/** A month or a year by its name. */
function calendarPeriod(plain: string, { today }: DateRules): Read<Period> | null {
  const named = /^([а-я]{3,})\.?(?: (\d{4}))?$/.exec(plain);
  const numbered = /^(\d{1,2})[./](\d{4})$/.exec(plain);
  const month = named !== null ? monthNamed(named[1] ?? '') : numbered === null ? null : Number(numbered[1]);
  if (month !== null && month >= 1 && month <= 12) {
    const year = Number(named?.[2] ?? numbered?.[2] ?? yearOf(today));
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
    if (year < FIRST_YEAR || year > LAST_YEAR) return refused(`Проверьте год: ${year}`);
    return understood({ from: dateOf(year, month, 1), to: dateOf(year, month, last) }, named?.[2] !== undefined);
  }
  const year = /^\d{4}$/.test(plain) ? Number(plain) : 0;
  if (year < 2000 || year > LAST_YEAR) return null;
  return understood({ from: `${year}-01-01`, to: `${year}-12-31` }, false);
}
