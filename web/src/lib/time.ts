import dayjs from 'dayjs';
import 'dayjs/locale/ru';
import customParseFormat from 'dayjs/plugin/customParseFormat';
import utc from 'dayjs/plugin/utc';
import { serverTime } from './clock';
import { counted } from './text';

dayjs.extend(utc);
dayjs.extend(customParseFormat);
dayjs.locale('ru');

/**
 * Time of the clinic's wall clock, as the API tells it: dates `2026-11-23`, moments `2026-11-23T09:20:00` without a zone. They are
 * never turned into the browser's zone: arithmetic runs on them as if they were UTC, where no hour is missing or doubled.
 */
export type LocalDate = string;
export type LocalMoment = string;

const MINUTE = 60_000;
const DAY_MINUTES = 1440;

export function dateOf(moment: LocalMoment): LocalDate {
  return moment.slice(0, 10);
}

/** Minutes since midnight of the moment's own day. */
export function minuteOf(moment: LocalMoment): number {
  return Number(moment.slice(11, 13)) * 60 + Number(moment.slice(14, 16));
}

/** `minute` may lie before or after the day: 1500 is one o'clock of the next day. */
export function momentAt(date: LocalDate, minute: number): LocalMoment {
  return new Date(Date.parse(`${date}T00:00:00Z`) + minute * MINUTE).toISOString().slice(0, 19);
}

export function addMinutes(moment: LocalMoment, minutes: number): LocalMoment {
  return momentAt(dateOf(moment), minuteOf(moment) + minutes);
}

export function minutesBetween(from: LocalMoment, to: LocalMoment): number {
  return (instant(to) - instant(from)) / MINUTE;
}

/** Minutes from midnight of `date` to `moment`; negative before, above 1440 after that day. */
export function minuteFrom(date: LocalDate, moment: LocalMoment): number {
  return (instant(moment) - Date.parse(`${date}T00:00:00Z`)) / MINUTE;
}

function instant(moment: LocalMoment): number {
  return Date.parse(`${moment.slice(0, 19)}Z`);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return dateOf(momentAt(date, days * DAY_MINUTES));
}

export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / (DAY_MINUTES * MINUTE));
}

/** Monday of the week that `date` lies in. */
export function mondayOf(date: LocalDate): LocalDate {
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(date, -weekday);
}

/** A real day (2026-02-30 is none) of the years that a clinic can speak of. */
export function isLocalDate(text: unknown): text is LocalDate {
  if (typeof text !== 'string' || !/^(19|20|21)\d{2}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Now by the clinic's wall clock, e.g. zone `Europe/Samara`; the server knows what now is, the PC doesn't. */
export function clinicNow(zone: string, at: Date = serverTime()): LocalMoment {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at);
  return parts.replace(' ', 'T');
}

/** `HH:MM` of minutes since midnight; 1440 is «24:00», later times stand on the next day's clock. */
export function clock(minute: number): string {
  const shown = minute > DAY_MINUTES ? minute - DAY_MINUTES : minute;
  return `${String(Math.floor(shown / 60)).padStart(2, '0')}:${String(shown % 60).padStart(2, '0')}`;
}

/** Minutes since midnight of `HH:MM` (also `9:00`); null when it is no time. */
export function parseClock(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (match === null) return null;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return minute <= DAY_MINUTES && Number(match[2]) < 60 ? minute : null;
}

/** A date or local moment in Russian by a dayjs pattern. */
export function format(moment: LocalMoment, pattern: string): string {
  return dayjs.utc(moment).format(pattern);
}

export const formatTime = (moment: LocalMoment): string => moment.slice(11, 16);
/** «23.11.2026» */
export const formatDate = (moment: LocalMoment): string => format(moment, 'DD.MM.YYYY');
/** «23.11.2026 09:20» */
export const formatMoment = (moment: LocalMoment): string => format(moment, 'DD.MM.YYYY HH:mm');
/** «понедельник, 23 ноября»; with the year where it isn't that of today. */
export function formatDay(date: LocalDate, today: LocalDate): string {
  return format(date, date.slice(0, 4) === today.slice(0, 4) ? 'dddd, D MMMM' : 'dddd, D MMMM YYYY');
}
/** «Пн, 23 ноя», beside a year */
export function formatDayShort(date: LocalDate): string {
  const text = format(date, 'dd, D MMM');
  return (text.charAt(0).toUpperCase() + text.slice(1)).replace(/\.$/, '');
}

/** An instant (with zone, as the journal tells it) by the clinic's wall clock. */
export function toClinic(moment: string, zone: string): LocalMoment {
  return clinicNow(zone, new Date(moment));
}

/** «1 ч 20 мин» */
export function formatDuration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} мин`;
  return rest === 0 ? `${hours} ч` : `${hours} ч ${rest} мин`;
}

/** How far two clocks are apart, in its largest unit: «3 дня», «1 час», «5 минут». */
export function formatDifference(milliseconds: number): string {
  const minutes = Math.round(milliseconds / MINUTE);
  if (minutes >= DAY_MINUTES) return counted(Math.round(minutes / DAY_MINUTES), 'день', 'дня', 'дней');
  if (minutes >= 60) return counted(Math.round(minutes / 60), 'час', 'часа', 'часов');
  return counted(minutes, 'минуту', 'минуты', 'минут');
}
