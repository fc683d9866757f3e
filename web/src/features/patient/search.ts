import { idsOf, type ListSearch, listSearch } from '@/components/list/listSearch';

export interface PatientsSearch extends ListSearch {
  category?: string;
  source?: string;
}

export function patientsSearch(search: Record<string, unknown>): PatientsSearch {
  return { ...listSearch(search), ...idsOf(search, ['category', 'source']) };
}
