import {
  type DeletedSearch,
  deletedSearch,
  idsOf,
  type PeriodSearch,
  periodSearch,
} from '@/components/list/listSearch';

export const STATES = { draft: 'Черновики', posted: 'Проведённые' } as const;
export type StateFilter = keyof typeof STATES;

export interface DocumentsSearch extends DeletedSearch, PeriodSearch {
  warehouse?: string;
  counterparty?: string;
  goods?: string;
  state?: StateFilter;
}

export function documentsSearch(search: Record<string, unknown>): DocumentsSearch {
  const result: DocumentsSearch = {
    ...deletedSearch(search),
    ...idsOf(search, ['warehouse', 'counterparty', 'goods']),
    ...periodSearch(search),
  };
  if (search.state === 'draft' || search.state === 'posted') result.state = search.state;
  return result;
}

/** Of a new document. */
export interface NewSearch {
  /** With what this warehouse lacks … */
  to_buy?: string;
  /** … and this supplier brought the last time. */
  supplier?: string;
  /** Of a return: the document whose goods come back. */
  origin?: string;
}

export function newSearch(search: Record<string, unknown>): NewSearch {
  return idsOf(search, ['to_buy', 'supplier', 'origin']);
}
