import {
  type DeletedSearch,
  deletedSearch,
  idsOf,
  type PageSearch,
  pageSearch,
  type PeriodSearch,
  periodSearch,
} from '@/components/list/listSearch';
import { addDays, isLocalDate, type LocalDate } from '@/lib/time';

/** The half of a month that ended last: from the first to the 15th, from the 16th to the end. */
export function lastHalf(today: LocalDate): Required<PeriodSearch> {
  const first = (day: LocalDate) => `${day.slice(0, 8)}01`;
  if (Number(today.slice(8)) > 15) return { from: first(today), to: `${today.slice(0, 8)}15` };
  const to = addDays(first(today), -1);
  return { from: `${to.slice(0, 8)}16`, to };
}

export interface AccrualsSearch extends DeletedSearch, PeriodSearch {
  employee?: string;
  state?: 'draft' | 'posted';
}

export function accrualsSearch(search: Record<string, unknown>): AccrualsSearch {
  const result: AccrualsSearch = { ...deletedSearch(search), ...idsOf(search, ['employee']), ...periodSearch(search) };
  if (search.state === 'draft' || search.state === 'posted') result.state = search.state;
  return result;
}

/** Of a new accrual: whose, and for which days. */
export interface NewSearch extends PeriodSearch {
  employee?: string;
}

export function newSearch(search: Record<string, unknown>): NewSearch {
  return { ...idsOf(search, ['employee']), ...periodSearch(search) };
}

export const SHOWN = { owing: 'С долгом или переплатой', all: 'Все' } as const;

export interface SettlementsSearch {
  /** At the end of which day; none: today. */
  date?: LocalDate;
  show?: keyof typeof SHOWN;
}

export function settlementsSearch(search: Record<string, unknown>): SettlementsSearch {
  const result: SettlementsSearch = {};
  if (isLocalDate(search.date)) result.date = search.date;
  if (search.show === 'all') result.show = search.show;
  return result;
}

export type SettlementSearch = PageSearch & PeriodSearch;

export function settlementSearch(search: Record<string, unknown>): SettlementSearch {
  return { ...pageSearch(search), ...periodSearch(search) };
}
