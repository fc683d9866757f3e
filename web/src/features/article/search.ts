import { type DeletedSearch, deletedSearch } from '@/components/list/listSearch';

export interface ArticlesSearch extends DeletedSearch {
  direction?: 'income' | 'outgo';
}

export function articlesSearch(search: Record<string, unknown>): ArticlesSearch {
  const result: ArticlesSearch = deletedSearch(search);
  if (search.direction === 'income' || search.direction === 'outgo') result.direction = search.direction;
  return result;
}
