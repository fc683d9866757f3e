import { listSearch, type PageSearch, pageSearch, type PeriodSearch, periodSearch } from '@/components/list/listSearch';
import { isLocalDate, type LocalDate } from '@/lib/time';

export const SHOWN = { owing: 'С долгом или авансом', all: 'Все' } as const;
export type Shown = keyof typeof SHOWN;

export interface SettlementsSearch {
  q?: string;
  /** At the end of which day; none: today. */
  date?: LocalDate;
  show?: Shown;
}

export function settlementsSearch(search: Record<string, unknown>): SettlementsSearch {
  const { q } = listSearch(search);
  const result: SettlementsSearch = q === undefined ? {} : { q };
  if (isLocalDate(search.date)) result.date = search.date;
  if (search.show === 'all') result.show = search.show;
  return result;
}

export type SettlementSearch = PageSearch & PeriodSearch;

export function settlementSearch(search: Record<string, unknown>): SettlementSearch {
  return { ...pageSearch(search), ...periodSearch(search) };
}
