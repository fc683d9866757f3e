import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api, ifMatch } from '@/lib/api/client';
import { queryClient } from '@/lib/api/queries';
import type { components, paths } from '@/lib/api/schema';

export type Invoice = components['schemas']['InvoiceCard'];
export type InvoiceItem = components['schemas']['InvoiceItem'];
export type InvoicedVisit = components['schemas']['InvoicedVisit'];
export type NewInvoice = components['schemas']['NewInvoice'];
type Filter = NonNullable<paths['/api/invoices']['get']['parameters']['query']>;
type DraftFilter = NonNullable<
  paths['/api/settlements/{counterparty_id}/invoice-draft']['get']['parameters']['query']
>;

const MODELS = ['invoices', 'money_documents', 'catalogue'] as const;

export const invoicesQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ['invoices', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/invoices', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: [...MODELS, 'settings'] },
  });

export const invoiceQuery = (id: string) =>
  queryOptions({
    queryKey: ['invoices', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/invoices/{invoice_id}', { params: { path: { invoice_id: id } }, signal })),
    meta: { models: MODELS },
  });

/** What an invoice of the period would bill. */
export const invoiceDraftQuery = (organisation: string, filter: DraftFilter) =>
  queryOptions({
    queryKey: ['invoices', 'draft', organisation, filter],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/settlements/{counterparty_id}/invoice-draft', {
          params: { path: { counterparty_id: organisation }, query: filter },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    meta: { models: ['invoices', 'payments', 'calendar', 'patients', 'catalogue'] },
  });

/** All that shows invoices, or what is owed by them, is fetched again. */
export const refreshInvoices = () =>
  Promise.all(
    ['invoices', 'unpaid-invoices', 'settlements', 'settlement'].map((key) =>
      queryClient.invalidateQueries({ queryKey: [key] }),
    ),
  );

export function issueInvoice(organisation: string, body: NewInvoice) {
  return answer(
    api.POST('/api/settlements/{counterparty_id}/invoices', {
      params: { path: { counterparty_id: organisation } },
      body,
    }),
  );
}

type Versioned = Pick<InvoiceItem, 'id' | 'version'>;

const versioned = ({ id, version }: Versioned) => ({ path: { invoice_id: id }, header: ifMatch(version) });

export function annulInvoice(invoice: Versioned) {
  return answer(api.POST('/api/invoices/{invoice_id}/delete', { params: versioned(invoice) }));
}

export function returnInvoice(invoice: Versioned) {
  return answer(api.POST('/api/invoices/{invoice_id}/return', { params: versioned(invoice) }));
}
