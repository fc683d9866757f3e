import { calendarQuery, doctorsQuery } from '@/entities/visit/queries';
import { addDays, type LocalDate, mondayOf } from '@/lib/time';
import type { CalendarSearch } from './search';

/** Whose visits the calendar at an address shows of which days. The doctor of a week whose address names none is found out. */
export function shownDays({ date, view }: Pick<CalendarSearch, 'date' | 'view'>, today: LocalDate) {
  const day = date ?? today;
  const monday = mondayOf(day);
  const [from, to]: [LocalDate, LocalDate] = view === 'week' ? [monday, addDays(monday, 6)] : [day, day];
  return {
    from,
    to,
    staff: doctorsQuery(from, to),
    visits: (weekDoctor: string | null) =>
      calendarQuery(from, to, view !== 'week' || weekDoctor === 'all' ? undefined : (weekDoctor ?? undefined)),
  };
}
