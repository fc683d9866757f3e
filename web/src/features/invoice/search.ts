import {
  type DeletedSearch,
  deletedSearch,
  idsOf,
  type PeriodSearch,
  periodSearch,
} from '@/components/list/listSearch';
import { isState, type State } from './states';

export interface InvoicesSearch extends DeletedSearch, PeriodSearch {
  counterparty?: string;
  state?: State;
}

export function invoicesSearch(search: Record<string, unknown>): InvoicesSearch {
  const result: InvoicesSearch = {
    ...deletedSearch(search),
    ...periodSearch(search),
    ...idsOf(search, ['counterparty']),
  };
  if (isState(search.state)) result.state = search.state;
  return result;
}

/** Of a new invoice: to whom, and the days of the register. */
export interface NewInvoiceSearch extends PeriodSearch {
  counterparty?: string;
}

export function newInvoiceSearch(search: Record<string, unknown>): NewInvoiceSearch {
  return { ...periodSearch(search), ...idsOf(search, ['counterparty']) };
}
