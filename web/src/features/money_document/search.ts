import {
  type DeletedSearch,
  deletedSearch,
  idsOf,
  type PeriodSearch,
  periodSearch,
} from '@/components/list/listSearch';

const SUM = /^\d{1,13}\.\d\d$/;

export interface MoneySearch extends DeletedSearch, PeriodSearch {
  desk?: string;
  counterparty?: string;
  article?: string;
  patient?: string;
  employee?: string;
  author?: string;
}

export function moneySearch(search: Record<string, unknown>): MoneySearch {
  return {
    ...deletedSearch(search),
    ...periodSearch(search),
    ...idsOf(search, ['desk', 'counterparty', 'article', 'patient', 'employee', 'author']),
  };
}

/** Of a new document: the desk, who pays or is paid and how much, or the accrual of pay or the invoice that it pays. */
export interface NewSearch {
  desk?: string;
  counterparty?: string;
  /** Rubles, as the server writes them. */
  sum?: string;
  accrual?: string;
  invoice?: string;
}

export function newSearch(search: Record<string, unknown>): NewSearch {
  const result: NewSearch = idsOf(search, ['desk', 'counterparty', 'accrual', 'invoice']);
  if (typeof search.sum === 'string' && SUM.test(search.sum)) result.sum = search.sum;
  return result;
}
