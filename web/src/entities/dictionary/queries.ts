import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type DictionaryVersion = components['schemas']['DictionaryVersion'];

export type DictionaryItem = components['schemas']['DictionaryItem'];

/** OIDs of the federal dictionaries that the screens ask for codes of. */
export const POSITIONS = '1.2.643.5.1.13.13.11.1002';
export const SPECIALITIES = '1.2.643.5.1.13.13.11.1066';

export const dictionariesQuery = queryOptions({
  queryKey: ['dictionaries'],
  queryFn: ({ signal }) => answer(api.GET('/api/dictionaries', { signal })),
});

/** Without a version the current one. */
export function dictionarySearchQuery(oid: string, version: string | undefined, q: string) {
  return queryOptions({
    queryKey: ['dictionary', oid, version, q],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/dictionaries/{oid}/search', {
          params: { path: { oid }, query: { q, limit: 50, ...(version === undefined ? {} : { version }) } },
          signal,
        }),
      ),
    staleTime: 5 * 60_000,
  });
}
