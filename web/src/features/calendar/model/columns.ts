import type { Calendar, CalendarDoctor, Visit } from '@/lib/api/model';
import { addDays, dateOf, daysBetween, type LocalDate, minuteFrom, minuteOf, parseClock } from '@/lib/time';

export type Minutes = readonly [from: number, to: number];

/** A doctor's day, or the day of the visits without a doctor. */
export interface Column {
  key: string;
  date: LocalDate;
  doctorId: string | null;
  name: string;
  position: string;
  color: string;
  photo: CalendarDoctor['photo'];
  deleted: boolean;
  /** Working time in minutes of the date, sorted. */
  hours: readonly Minutes[];
  visits: readonly Visit[];
}

export const DAY = 1440;

export function hoursOf(intervals: readonly (readonly [string, string])[]): Minutes[] {
  return intervals
    .map(([start, end]): Minutes => {
      const from = parseClock(start) ?? 0;
      const to = parseClock(end) ?? 0;
      return [from, to > from ? to : DAY];
    })
    .sort(([one], [other]) => one - other);
}

/** What of [from, to] is not working time. */
export function offTime(hours: readonly Minutes[], from: number, to: number): Minutes[] {
  const off: Minutes[] = [];
  let at = from;
  for (const [start, end] of hours) {
    if (start > at) off.push([at, Math.min(start, to)]);
    at = Math.max(at, end);
    if (at >= to) break;
  }
  if (at < to) off.push([at, to]);
  return off.filter(([start, end]) => end > start);
}

export function isWorking(hours: readonly Minutes[], from: number, to: number): boolean {
  return offTime(hours, from, to).length === 0;
}

/** Minutes of `date` that a visit covers, cut at its midnights; null when it lies on other days. */
export function within(date: LocalDate, visit: Pick<Visit, 'starts_at' | 'ends_at'>): Minutes | null {
  const { starts_at, ends_at } = visit;
  // nearly every visit, and quicker than by instants
  if (starts_at.startsWith(date) && ends_at.startsWith(date)) return [minuteOf(starts_at), minuteOf(ends_at)];
  const from = Math.max(0, minuteFrom(date, starts_at));
  const to = Math.min(DAY, minuteFrom(date, ends_at));
  return to > from ? [from, to] : null;
}

function datesOf(visit: Visit): LocalDate[] {
  const first = dateOf(visit.starts_at);
  const last = dateOf(visit.ends_at);
  if (first === last) return [first];
  const dates = Array.from({ length: daysBetween(first, last) + 1 }, (_, day) => addDays(first, day));
  return dates.filter((date) => within(date, visit) !== null);
}

interface Wanted {
  dates: readonly LocalDate[];
  /** Doctors to show; null shows all. */
  doctors: ReadonlySet<string> | null;
  /** A column for each of the dates, working or not (week of one doctor). */
  everyDate: boolean;
  /** Whether bookings without a doctor are possible, so that their column stands ready. */
  withoutDoctor: boolean;
}

/** Columns in the order of dates, then doctors: who works that day, and others who have visits then. */
export function columnsOf(calendar: Calendar, { dates, doctors, everyDate, withoutDoctor }: Wanted): Column[] {
  const byCell = new Map<string, Visit[]>();
  for (const visit of calendar.visits) {
    for (const date of datesOf(visit)) {
      const key = `${visit.doctor?.id ?? ''} ${date}`;
      const own = byCell.get(key);
      if (own === undefined) byCell.set(key, [visit]);
      else own.push(visit);
    }
  }
  const visitsOn = (doctor: string, date: LocalDate) => byCell.get(`${doctor} ${date}`) ?? [];

  const columns: Column[] = [];
  for (const date of dates) {
    for (const doctor of calendar.doctors) {
      if (doctors !== null && !doctors.has(doctor.id)) continue;
      const hours = hoursOf(intervalsOn(doctor, date));
      const visits = visitsOn(doctor.id, date);
      if (!everyDate && hours.length === 0 && visits.length === 0) continue;
      const { id, name, position, color, photo, deleted } = doctor;
      columns.push({ key: `${id} ${date}`, date, doctorId: id, name, position, color, photo, deleted, hours, visits });
    }
    const unassigned = visitsOn('', date);
    if (withoutDoctor || (doctors === null && unassigned.length > 0)) {
      columns.push({
        key: `none ${date}`,
        date,
        doctorId: null,
        name: 'Без врача',
        position: '',
        color: '',
        photo: null,
        deleted: false,
        hours: [[0, DAY]],
        visits: unassigned,
      });
    }
  }
  return columns;
}

function intervalsOn(doctor: CalendarDoctor, date: LocalDate): readonly [string, string][] {
  return doctor.days.find((day) => day.date === date)?.intervals ?? [];
}

const USUAL: Minutes = [9 * 60, 18 * 60];

/** The clinic's own hours on these dates; where it is closed on all of them, the usual ones. */
export function clinicHoursOf(calendar: Pick<Calendar, 'clinic_hours'>, dates: readonly LocalDate[]): Minutes {
  const open = calendar.clinic_hours
    .filter(({ date }) => dates.includes(date))
    .flatMap((day) => hoursOf(day.intervals));
  if (open.length === 0) return USUAL;
  return [Math.min(...open.map(([from]) => from)), Math.max(...open.map(([, to]) => to))];
}

/** The part of the day to draw, in whole hours: the clinic's hours, all working time and every visit, however early or late. */
export function spanOf(columns: readonly Column[], clinicHours: Minutes): Minutes {
  let [from, to] = clinicHours;
  for (const { date, doctorId, hours, visits } of columns) {
    for (const [start, end] of doctorId === null ? [] : hours) {
      from = Math.min(from, start);
      to = Math.max(to, end);
    }
    for (const visit of visits) {
      const covered = within(date, visit);
      if (covered === null) continue;
      from = Math.min(from, covered[0]);
      to = Math.max(to, covered[1]);
    }
  }
  return [Math.floor(from / 60) * 60, Math.min(DAY, Math.ceil(to / 60) * 60)];
}

/** A visit that begins earlier than this before the opening is one of the night. */
const EARLY = 180;

/**
 * The minute that days other than today are opened at: when the clinic opens, or most of its doctors begin, or a first visit shortly
 * before that. A night shift, or the rest of one, moves nobody there.
 */
export function openingOf(columns: readonly Column[], [opening]: Minutes): number {
  const begins = columns
    .flatMap(({ doctorId, hours }) => (doctorId === null ? [] : (hours.find(([from]) => from > 0)?.[0] ?? [])))
    .sort((one, other) => one - other);
  const visits = columns.flatMap(({ date, visits: own }) => own.map((visit) => within(date, visit)?.[0] ?? 0));
  const most = begins[Math.floor(begins.length / 2)] ?? Infinity;
  const firstVisit = Math.min(...visits.filter((from) => from > 0));
  // a clinic that never closes opens with its doctors
  const usual = Math.min(opening > 0 ? opening : Infinity, most);
  const open = usual < Infinity ? usual : Math.min(firstVisit, USUAL[0]);
  return Math.floor((firstVisit < open && firstVisit >= open - EARLY ? firstVisit : open) / 60) * 60;
}
