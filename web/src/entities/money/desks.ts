/** Cash desks: what they have, their movements and closed days. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { components, paths } from '@/lib/api/schema';

export type DeskBalance = components['schemas']['DeskBalance'];
export type DeskMovement = components['schemas']['DeskMovement'];
export type DeskCard = components['schemas']['DeskCard'];
export type ClosedDay = components['schemas']['ClosedDay'];
type DayClosing = components['schemas']['DayClosing'];
type DayReopening = components['schemas']['DayReopening'];
type CardQuery = NonNullable<paths['/api/desk-balances/{desk_id}']['get']['parameters']['query']>;

const MODELS = ['money_documents', 'closed_days', 'catalogue'] as const;

export const deskBalancesQuery = (day: string | undefined) =>
  queryOptions({
    queryKey: ['desk-balances', day ?? null],
    queryFn: ({ signal }) => answer(api.GET('/api/desk-balances', { params: { query: { day } }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: MODELS },
  });

export const deskCardQuery = (id: string, filter: CardQuery) =>
  queryOptions({
    queryKey: ['desk-card', id, filter],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/desk-balances/{desk_id}', { params: { path: { desk_id: id }, query: filter }, signal })),
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    meta: { models: [...MODELS, 'articles', 'employees', 'patients'] },
  });

export const closedDaysQuery = (id: string) =>
  queryOptions({
    queryKey: ['closed-days', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/desk-balances/{desk_id}/closed-days', { params: { path: { desk_id: id } }, signal })),
    meta: { models: MODELS },
  });

export function closeDay(id: string, body: DayClosing) {
  return answer(api.POST('/api/desk-balances/{desk_id}/close', { params: { path: { desk_id: id } }, body }));
}

export function reopenDay(id: string, body: DayReopening) {
  return answer(api.POST('/api/desk-balances/{desk_id}/reopen', { params: { path: { desk_id: id } }, body }));
}
