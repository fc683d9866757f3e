import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import type { components } from './schema';

export type Found = components['schemas']['Found'];

/** Everything that the user's rights show and a query means. */
export function searchQuery(text: string) {
  return queryOptions({
    queryKey: ['search', text],
    queryFn: ({ signal }) => answer(api.GET('/api/search', { params: { query: { q: text } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}
