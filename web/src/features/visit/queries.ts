import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';

/** What a warehouse has of these goods now, by the unit of write-off. */
export function visitStockQuery(warehouse: string | null, goods: readonly string[]) {
  const query = { ...(warehouse === null ? {} : { warehouse_id: warehouse }), goods_ids: [...goods] };
  return queryOptions({
    queryKey: ['visit-stock', query],
    queryFn: ({ signal }) => answer(api.GET('/api/visit-stock', { params: { query }, signal })),
    meta: { models: ['stock_documents', 'catalogue'] },
  });
}

/** Employees who may be named for a service. */
export const performersQuery = queryOptions({
  queryKey: ['visit-performers'],
  queryFn: ({ signal }) => answer(api.GET('/api/visit-performers', { signal })),
  staleTime: 5 * 60_000,
  meta: { models: ['employees', 'catalogue'] },
});
