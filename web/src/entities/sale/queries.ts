/** Goods sold without a visit, and goods that come back. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { refreshPayments } from '@/entities/payment/queries';
import { refreshStock } from '@/entities/stock/queries';
import { type Accepted, accepting, answer, api } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

type Shapes = components['schemas'];
export type SaleStart = Shapes['SaleStart'];
export type Sale = Shapes['SaleCard'];
export type NewSale = Shapes['NewSale'];

/** What a sale starts with; `patient`: the buyer. */
export const saleStartQuery = (patient: string | undefined) =>
  queryOptions({
    queryKey: ['sale-start', patient],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/sales/start', {
          params: { query: patient === undefined ? {} : { patient_id: patient } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    // the moment of the sale is now
    staleTime: 0,
    gcTime: 0,
    meta: {
      models: [
        'payments',
        'calendar',
        'stock_documents',
        'patients',
        'employees',
        'catalogue',
        'certificates',
        'fiscal_receipts',
        'rights_sets',
        'settings',
      ],
    },
  });

/** A sale: what was sold and came back, and by what it is paid. */
export const saleQuery = (id: string) =>
  queryOptions({
    queryKey: ['sale', id],
    queryFn: ({ signal }) => answer(api.GET('/api/sales/{sale_id}', { params: { path: { sale_id: id } }, signal })),
    meta: { models: ['stock_documents', 'payments', 'patients', 'catalogue', 'certificates', 'fiscal_receipts', 'rights_sets'] },
  });

export function sell(sale: NewSale, accepted: Accepted) {
  return answer(api.POST('/api/sales', { params: { header: accepting(accepted) }, body: sale }));
}

export function takeBack(id: string, back: Shapes['NewSaleReturn']) {
  return answer(api.POST('/api/sales/{sale_id}/take-back', { params: { path: { sale_id: id } }, body: back }));
}

export function releaseSale(id: string, moment: string) {
  return answer(
    api.POST('/api/sales/{sale_id}/release-payments', { params: { path: { sale_id: id } }, body: { moment } }),
  );
}

/** What shows stock or money is fetched again. */
export async function refreshSales(): Promise<void> {
  await Promise.all([refreshPayments(), refreshStock()]);
}
