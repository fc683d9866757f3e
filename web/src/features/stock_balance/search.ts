import {
  idsOf,
  type ListSearch,
  listSearch,
  type PageSearch,
  pageSearch,
  type PeriodSearch,
  periodSearch,
} from '@/components/list/listSearch';
import { isLocalDate, type LocalDate } from '@/lib/time';

export const SHOWN = { present: 'Есть на складе', missing: 'Не хватает', all: 'Все товары' } as const;
export type Shown = keyof typeof SHOWN;

export interface BalancesSearch extends ListSearch {
  /** At the end of which day; none: now. */
  date?: LocalDate;
  /** As it was known on the evening of which day; none: now. */
  known?: LocalDate;
  warehouse?: string;
  category?: string;
  show?: Shown;
}

export function balancesSearch(search: Record<string, unknown>): BalancesSearch {
  const result: BalancesSearch = { ...listSearch(search), ...idsOf(search, ['warehouse', 'category']) };
  if (isLocalDate(search.date)) result.date = search.date;
  if (isLocalDate(search.known)) result.known = search.known;
  if (search.show === 'missing' || search.show === 'all') result.show = search.show;
  return result;
}

/** The moment of knowledge that is asked for: the end of a day. */
export const knownAt = (known: LocalDate | undefined) => (known === undefined ? undefined : endOf(known));

export const endOf = (day: LocalDate) => `${day}T23:59`;

export interface MovementsSearch extends PageSearch, PeriodSearch {
  /** As it was known on the evening of which day; none: now. */
  known?: LocalDate;
  warehouse?: string;
}

export function movementsSearch(search: Record<string, unknown>): MovementsSearch {
  const result: MovementsSearch = {
    ...pageSearch(search),
    ...periodSearch(search),
    ...idsOf(search, ['warehouse']),
  };
  if (isLocalDate(search.known)) result.known = search.known;
  return result;
}

export interface ToBuySearch extends ListSearch {
  warehouse?: string;
}

export function toBuySearch(search: Record<string, unknown>): ToBuySearch {
  return { ...listSearch(search), ...idsOf(search, ['warehouse']) };
}

export const PERIODS = [30, 60, 90, 180] as const;
const DAYS = 60;

export interface ExpiringSearch extends ListSearch {
  /** From today on; none: 60. */
  days?: number;
}

export function expiringSearch(search: Record<string, unknown>): ExpiringSearch {
  const days = Number(search.days);
  return { ...listSearch(search), ...(PERIODS.some((one) => one === days) && days !== DAYS ? { days } : {}) };
}

export const daysOf = ({ days = DAYS }: ExpiringSearch): number => days;
