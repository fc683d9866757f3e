/** What warehouses have to keep, and what to buy by that. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import { queryClient } from '@/lib/api/queries';
import type { components } from '@/lib/api/schema';

export type WarehouseMinimum = components['schemas']['WarehouseMinimum'];
export type ToBuy = components['schemas']['ToBuy'];
type NewMinimum = components['schemas']['NewMinimum'];

const MODELS = ['stock_documents', 'catalogue', 'stock_minimums'] as const;

/** Of one warehouse, or of all. */
export const toBuyQuery = (warehouseId: string | undefined) =>
  queryOptions({
    queryKey: ['stock-to-buy', warehouseId],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/stock-minimums/to-buy', { params: { query: { warehouse_id: warehouseId } }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: MODELS },
  });

export const minimumsQuery = (goodsId: string) =>
  queryOptions({
    queryKey: ['stock-minimums', goodsId],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/stock-minimums/of-goods/{goods_id}', { params: { path: { goods_id: goodsId } }, signal })),
    meta: { models: MODELS },
  });

export function setMinimum(body: NewMinimum) {
  return answer(api.POST('/api/stock-minimums', { body }));
}

/** After an own change: what was set, and what follows from it. */
export async function refreshMinimums(): Promise<void> {
  await Promise.all(
    ['stock-minimums', 'stock-to-buy'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
  );
}
