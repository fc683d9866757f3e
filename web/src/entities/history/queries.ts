import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { ObjectType } from '@/lib/api/objectTypes';
import type { components } from '@/lib/api/schema';

export type HistoryItem = components['schemas']['JournalItem'];

/** Whose history it is. `inCard`: a patient's, by the right to the card instead of the journal's. */
export interface HistoryOf {
  readonly type: ObjectType;
  readonly id: string;
  readonly inCard?: boolean;
}

const MODELS = ['journal', 'patients', 'employees'] as const;

export const historyQuery = ({ type, id, inCard = false }: HistoryOf) =>
  queryOptions({
    queryKey: ['history', type, id, inCard],
    queryFn: ({ signal }) =>
      inCard
        ? answer(api.GET('/api/patients/{patient_id}/history', { params: { path: { patient_id: id } }, signal }))
        : answer(
            api.GET('/api/history/{object_type}/{object_id}', {
              params: { path: { object_type: type, object_id: id } },
              signal,
            }),
          ),
    meta: { models: MODELS },
  });

/** Which state of an object is looked at: at a version, or at a moment of the clinic's clock. */
export interface At {
  version?: number;
  moment?: string;
}

/** As it stands in the address. */
export function atSearch(search: Record<string, unknown>): At {
  const { version, moment } = search;
  if (typeof version === 'number' && version >= 1) return { version: Math.floor(version) };
  return typeof moment === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(moment) ? { moment } : {};
}

/** The object at a version, at a moment of the clinic's clock, or (with neither) now. */
export const stateQuery = ({ type, id, inCard = false }: HistoryOf, at: At) =>
  queryOptions({
    queryKey: ['history-state', type, id, inCard, at],
    queryFn: ({ signal }) =>
      inCard
        ? answer(
            api.GET('/api/patients/{patient_id}/history/at', {
              params: { path: { patient_id: id }, query: at },
              signal,
            }),
          )
        : answer(
            api.GET('/api/history/{object_type}/{object_id}/at', {
              params: { path: { object_type: type, object_id: id }, query: at },
              signal,
            }),
          ),
    placeholderData: (previous, query) => (query?.queryKey[2] === id ? previous : undefined),
    meta: { models: MODELS },
  });
