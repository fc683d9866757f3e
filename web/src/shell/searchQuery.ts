import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type Found = components['schemas']['Found'];

/** Everything that the user's rights show and a query means; what is offered doesn't move while somebody chooses. */
export function searchQuery(text: string) {
  return queryOptions({
    queryKey: ['search', text],
    queryFn: ({ signal }) => answer(api.GET('/api/search', { params: { query: { q: text } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    meta: { models: [] },
  });
}
