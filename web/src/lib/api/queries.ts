import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ConnectionLost, Problem } from './problem';
import type { components } from './schema';

/** Read-model tables as live messages name them. A query tells in `meta.models` which tables its answer is made of. */
export type Model = components['schemas']['LiveChange']['model'];

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: { models?: readonly Model[] };
  }
}

function retry(failures: number, error: Error): boolean {
  if (error instanceof ConnectionLost) return true;
  if (error instanceof Problem) return error.status === 503 && failures < 5;
  return false;
}

/** A refusal for a missing right: the user's rights may have changed while no live message said so. */
function onRefusal(error: Error): void {
  if (error instanceof Problem && error.status === 403) invalidateModels(new Set(['me']));
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: onRefusal }),
  defaultOptions: {
    queries: {
      retry,
      retryDelay: (failures) => Math.min(500 * 2 ** failures, 5000),
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      // the browser's own idea of being offline is wrong for a server on this very machine
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/** When each query was last asked, by `performance.now()`; data that was put in by hand is as old as the page. */
const askedAt = new WeakMap<object, number>();
queryClient.getQueryCache().subscribe((event) => {
  if (event.type === 'updated' && event.action.type === 'fetch') askedAt.set(event.query, performance.now());
});

/** Fetch again what was asked before a change of its tables. `ages`: how many seconds ago each table changed. */
export function invalidateOlder(ages: Readonly<Record<string, number>>): void {
  const now = performance.now();
  void queryClient.invalidateQueries({
    predicate: (query) =>
      query.meta?.models?.some((model) => {
        const age = ages[model];
        return age !== undefined && (askedAt.get(query) ?? 0) <= now - age * 1000;
      }) ?? false,
  });
}

/** Fetch again what shows one of these tables; other queries are fetched when they are next looked at. */
export function invalidateModels(models: ReadonlySet<string>): void {
  void queryClient.invalidateQueries({
    predicate: (query) => query.meta?.models?.some((model) => models.has(model)) ?? false,
  });
}
