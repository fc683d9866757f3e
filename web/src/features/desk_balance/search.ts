import { type PageSearch, pageSearch, type PeriodSearch, periodSearch } from '@/components/list/listSearch';
import { isLocalDate, type LocalDate } from '@/lib/time';

export interface DesksSearch {
  /** At the end of which day; none: today. */
  date?: LocalDate;
}

export function desksSearch(search: Record<string, unknown>): DesksSearch {
  return isLocalDate(search.date) ? { date: search.date } : {};
}

export type DeskSearch = PageSearch & PeriodSearch;

export function deskSearch(search: Record<string, unknown>): DeskSearch {
  return { ...pageSearch(search), ...periodSearch(search) };
}
