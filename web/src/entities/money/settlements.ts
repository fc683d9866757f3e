/** What the clinic owes to its counterparties. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { components, paths } from '@/lib/api/schema';

export type Settlement = components['schemas']['Settlement'];
export type SettlementDocument = components['schemas']['SettlementDocument'];
export type CounterpartySettlement = components['schemas']['CounterpartySettlement'];
export type RegisterItem = components['schemas']['RegisterItem'];
type SettlementsQuery = NonNullable<paths['/api/settlements']['get']['parameters']['query']>;
type SettlementQuery = NonNullable<paths['/api/settlements/{counterparty_id}']['get']['parameters']['query']>;

const MODELS = ['money_documents', 'stock_documents', 'payments', 'catalogue', 'invoices'] as const;

export const settlementsQuery = (filter: SettlementsQuery) =>
  queryOptions({
    queryKey: ['settlements', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/settlements', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: MODELS },
  });

/** What an organisation owes for patients in a period, visit by visit. */
export const registerQuery = (id: string, filter: SettlementQuery) =>
  queryOptions({
    queryKey: ['organisation-register', id, filter],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/settlements/{counterparty_id}/register', {
          params: { path: { counterparty_id: id }, query: filter },
          signal,
        }),
      ),
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    meta: { models: ['payments', 'calendar', 'patients', 'employees'] },
  });

export const settlementQuery = (id: string, filter: SettlementQuery) =>
  queryOptions({
    queryKey: ['settlement', id, filter],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/settlements/{counterparty_id}', {
          params: { path: { counterparty_id: id }, query: filter },
          signal,
        }),
      ),
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    meta: { models: MODELS },
  });
