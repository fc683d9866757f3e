import { type DeletedSearch, deletedSearch, idsOf } from '@/components/list/listSearch';

/** By which field, whatever the catalogue's are. */
type ByField = `by_${string}`;

/** Besides what every list has: the id of what entries are to refer to in a field. */
export interface EntriesSearch extends DeletedSearch {
  [field: ByField]: string;
}

export function entriesSearch(search: Record<string, unknown>): EntriesSearch {
  const fields = Object.keys(search).filter((key): key is ByField => key.startsWith('by_'));
  return { ...deletedSearch(search), ...idsOf(search, fields) };
}
