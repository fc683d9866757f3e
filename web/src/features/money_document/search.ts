import {
  type DeletedSearch,
  deletedSearch,
  idsOf,
  type PeriodSearch,
  periodSearch,
} from '@/components/list/listSearch';

export interface MoneySearch extends DeletedSearch, PeriodSearch {
  desk?: string;
  counterparty?: string;
  article?: string;
}

export function moneySearch(search: Record<string, unknown>): MoneySearch {
  return { ...deletedSearch(search), ...periodSearch(search), ...idsOf(search, ['desk', 'counterparty', 'article']) };
}

/** Of a new document: the desk, and whom to pay, or the accrual of pay that it pays. */
export interface NewSearch {
  desk?: string;
  counterparty?: string;
  accrual?: string;
}

export function newSearch(search: Record<string, unknown>): NewSearch {
  return idsOf(search, ['desk', 'counterparty', 'accrual']);
}
