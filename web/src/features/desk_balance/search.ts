import { listSearch } from '@/components/list/listSearch';
import { isLocalDate, type LocalDate } from '@/lib/time';

export interface DesksSearch {
  /** At the end of which day; none: today. */
  date?: LocalDate;
}

export function desksSearch(search: Record<string, unknown>): DesksSearch {
  return isLocalDate(search.date) ? { date: search.date } : {};
}

export interface DeskSearch {
  from?: LocalDate;
  to?: LocalDate;
  page?: number;
}

export function deskSearch(search: Record<string, unknown>): DeskSearch {
  const { page } = listSearch(search);
  const result: DeskSearch = page === undefined ? {} : { page };
  if (isLocalDate(search.from)) result.from = search.from;
  if (isLocalDate(search.to)) result.to = search.to;
  return result;
}
