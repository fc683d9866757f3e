/** Somebody who can't be taken away while visits are coming. */
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import { type InTheWay, readVisit } from './conflicts';

/** Whom the visits hold back. */
export interface HeldBack {
  readonly kind: 'employee' | 'patient';
  readonly id: string;
}

/** A visit stops standing in the way without any change, too: by its time going by. */
export const TIME_GOES_BY_MS = 20_000;

/** What stands in the way now; a visit that is moved, cancelled or booked anywhere has it asked again. */
export const inTheWayQuery = ({ kind, id }: HeldBack) =>
  queryOptions({
    queryKey: ['in-the-way', kind, id],
    queryFn: async ({ signal }): Promise<InTheWay> => {
      const { sentence, visits } = await answer(
        kind === 'employee'
          ? api.GET('/api/employees/{employee_id}/in-the-way', { params: { path: { employee_id: id } }, signal })
          : api.GET('/api/patients/{patient_id}/in-the-way', { params: { path: { patient_id: id } }, signal }),
      );
      return { sentence, visits: visits.map((visit) => readVisit(visit, '')) };
    },
    staleTime: 0,
    gcTime: 0,
    refetchInterval: TIME_GOES_BY_MS,
    meta: { models: ['calendar', 'employees', 'catalogue', 'patients'] },
  });
