import { type DeletedSearch, deletedSearch, idsOf, type ListSearch, listSearch } from '@/components/list/listSearch';
import { addDays, isLocalDate, type LocalDate } from '@/lib/time';

export interface PeriodSearch {
  from?: LocalDate;
  to?: LocalDate;
}

export function periodSearch(search: Record<string, unknown>): PeriodSearch {
  const result: PeriodSearch = {};
  if (isLocalDate(search.from)) result.from = search.from;
  if (isLocalDate(search.to)) result.to = search.to;
  return result;
}

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

export interface SettlementSearch extends Pick<ListSearch, 'page'>, PeriodSearch {}

export function settlementSearch(search: Record<string, unknown>): SettlementSearch {
  const { page } = listSearch(search);
  return { ...(page === undefined ? {} : { page }), ...periodSearch(search) };
}
