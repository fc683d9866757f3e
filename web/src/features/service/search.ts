import { type DeletedSearch, deletedSearch } from '@/components/list/listSearch';

export interface ServicesSearch extends DeletedSearch {
  /** Of a category, and of those that a doctor gives. */
  category?: string;
  doctor?: string;
}

export function servicesSearch(search: Record<string, unknown>): ServicesSearch {
  const result: ServicesSearch = deletedSearch(search);
  if (typeof search.category === 'string' && search.category !== '') result.category = search.category;
  if (typeof search.doctor === 'string' && search.doctor !== '') result.doctor = search.doctor;
  return result;
}
