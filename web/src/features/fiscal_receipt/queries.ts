import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api, ifMatch } from '@/lib/api/client';
import { queryClient } from '@/lib/api/queries';
import type { components, paths } from '@/lib/api/schema';

export type FiscalReceipt = components['schemas']['FiscalReceiptItem'];
type Filter = NonNullable<paths['/api/fiscal-receipts']['get']['parameters']['query']>;

export const fiscalReceiptsQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ['fiscal-receipts', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/fiscal-receipts', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: ['fiscal_receipts', 'patients'] },
  });

export const refreshFiscalReceipts = () => queryClient.invalidateQueries({ queryKey: ['fiscal-receipts'] });

export function retryReceipt({ id, version }: Pick<FiscalReceipt, 'id' | 'version'>) {
  return answer(
    api.POST('/api/fiscal-receipts/{receipt_id}/retry', {
      params: { path: { receipt_id: id }, header: ifMatch(version) },
    }),
  );
}

export function giveUpReceipt({ id, version }: Pick<FiscalReceipt, 'id' | 'version'>, reason: string) {
  return answer(
    api.POST('/api/fiscal-receipts/{receipt_id}/give-up', {
      params: { path: { receipt_id: id }, header: ifMatch(version) },
      body: { reason },
    }),
  );
}
