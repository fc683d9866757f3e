import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type ExpiringBatch = components['schemas']['ExpiringBatch'];

/** Batches that have expired, or will in so many days. */
export const expiringQuery = (days: number) =>
  queryOptions({
    queryKey: ['stock-expiring', days],
    queryFn: ({ signal }) => answer(api.GET('/api/stock-batches/expiring', { params: { query: { days } }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: ['stock_documents', 'catalogue'] },
  });
