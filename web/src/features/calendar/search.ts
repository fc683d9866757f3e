import { isLocalDate, type LocalDate } from '@/lib/time';
import { STEPS } from './model/geometry';

export type CalendarView = 'day' | 'week';

/** What of the calendar stands in the address. */
export interface CalendarSearch {
  date?: LocalDate;
  view?: 'week';
  /** Whose week; `all` shows everybody's. */
  doctor?: string;
  step?: number;
  /** Columns of the day view, comma-separated ids and `none`; missing shows all. */
  doctors?: string;
  /** For whom a time is being looked for: a new booking starts with this patient. */
  patient?: string;
  /** The visit opened beside the calendar. */
  visit?: string;
}

export function calendarSearch(search: Record<string, unknown>): CalendarSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const step = Number(search.step);
  const result: CalendarSearch = {};
  if (isLocalDate(search.date)) result.date = search.date;
  if (search.view === 'week') result.view = 'week';
  const doctor = text(search.doctor);
  if (doctor !== undefined) result.doctor = doctor;
  if ((STEPS as readonly number[]).includes(step)) result.step = step;
  const doctors = text(search.doctors);
  if (doctors !== undefined) result.doctors = doctors;
  const patient = text(search.patient);
  if (patient !== undefined) result.patient = patient;
  const visit = text(search.visit);
  if (visit !== undefined) result.visit = visit;
  return result;
}
