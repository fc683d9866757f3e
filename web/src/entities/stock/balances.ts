/** What is in stock, and how it came to that. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { components, paths } from '@/lib/api/schema';

export type GoodsBalance = components['schemas']['GoodsBalance'];
export type StockMovement = components['schemas']['StockMovement'];
export type GoodsMovements = components['schemas']['GoodsMovements'];
type BalancesQuery = NonNullable<paths['/api/stock-balances']['get']['parameters']['query']>;
type MovementsQuery = NonNullable<paths['/api/stock-balances/{goods_id}']['get']['parameters']['query']>;
export type BalancesFilter = Omit<BalancesQuery, 'page' | 'size'>;
export type MovementsFilter = Omit<MovementsQuery, 'page' | 'size'>;

export const balancesQuery = (filter: BalancesQuery) =>
  queryOptions({
    queryKey: ['stock-balances', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/stock-balances', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: ['stock_documents', 'catalogue'] },
  });

export const movementsQuery = (goodsId: string, filter: MovementsQuery) =>
  queryOptions({
    queryKey: ['stock-movements', goodsId, filter],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/stock-balances/{goods_id}', {
          params: { path: { goods_id: goodsId }, query: filter },
          signal,
        }),
      ),
    placeholderData: (previous, query) => (query?.queryKey[1] === goodsId ? previous : undefined),
    meta: { models: ['stock_documents', 'catalogue'] },
  });
