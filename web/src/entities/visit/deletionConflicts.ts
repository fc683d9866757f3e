/** Somebody who can't be taken away while visits are coming. */
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import { type DeletionConflicts, readVisit } from './conflicts';

/** Whose visits they are. */
export interface Whom {
  readonly kind: 'employee' | 'patient';
  readonly id: string;
}

/** A conflict ends without any change, too: by its time going by. */
export const TIME_GOES_BY_MS = 20_000;

/** The conflicts now; a visit that is moved, cancelled or booked anywhere has them asked for again. */
export const deletionConflictsQuery = ({ kind, id }: Whom) =>
  queryOptions({
    queryKey: ['deletion-conflicts', kind, id],
    queryFn: async ({ signal }): Promise<DeletionConflicts> => {
      const { sentence, visits } = await answer(
        kind === 'employee'
          ? api.GET('/api/employees/{employee_id}/conflicts', { params: { path: { employee_id: id } }, signal })
          : api.GET('/api/patients/{patient_id}/conflicts', { params: { path: { patient_id: id } }, signal }),
      );
      return { sentence, visits: visits.map((visit) => readVisit(visit, '')) };
    },
    staleTime: 0,
    gcTime: 0,
    refetchInterval: TIME_GOES_BY_MS,
    meta: { models: ['calendar', 'employees', 'catalogue', 'patients'] },
  });
