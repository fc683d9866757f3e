import { type DeletedSearch, deletedSearch, idsOf } from '@/components/list/listSearch';
import { isLocalDate, type LocalDate } from '@/lib/time';

const SUM = /^\d{1,13}\.\d\d$/;

export interface MoneySearch extends DeletedSearch {
  from?: LocalDate;
  to?: LocalDate;
  desk?: string;
  counterparty?: string;
  article?: string;
}

export function moneySearch(search: Record<string, unknown>): MoneySearch {
  const result: MoneySearch = { ...deletedSearch(search), ...idsOf(search, ['desk', 'counterparty', 'article']) };
  if (isLocalDate(search.from)) result.from = search.from;
  if (isLocalDate(search.to)) result.to = search.to;
  return result;
}

/** Of a new document: the desk, who pays or is paid and how much, or the accrual of pay that it pays. */
export interface NewSearch {
  desk?: string;
  counterparty?: string;
  /** Rubles, as the server writes them. */
  sum?: string;
  accrual?: string;
}

export function newSearch(search: Record<string, unknown>): NewSearch {
  const result: NewSearch = idsOf(search, ['desk', 'counterparty', 'accrual']);
  if (typeof search.sum === 'string' && SUM.test(search.sum)) result.sum = search.sum;
  return result;
}
