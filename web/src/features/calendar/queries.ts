import { queryOptions } from '@tanstack/react-query';
import { calendarQuery, doctorsQuery } from '@/entities/visit/queries';
import { answer, api } from '@/lib/api/client';
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

/** Visits of a day, and what the desk for statistics moved on it. */
export const dayStatisticsQuery = (day: LocalDate) =>
  queryOptions({
    queryKey: ['day-statistics', day],
    queryFn: ({ signal }) => answer(api.GET('/api/calendar/statistics', { params: { query: { day } }, signal })),
    meta: {
      models: ['calendar', 'patients', 'employees', 'settings', 'money_documents', 'closed_days', 'catalogue'],
    },
  });
