import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { answer, api } from './client';
import type { Me, Right } from './model';

/** The server names rights as texts; those that this UI doesn't know yet do no harm, since they are only asked for by name. */
export async function readMe(): Promise<Me> {
  return (await answer(api.GET('/api/me'))) as Me;
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: readMe,
  staleTime: Infinity,
  meta: { models: ['me', 'accesses', 'rights_sets', 'settings'] },
});

/** The signed-in user. Only under the shell's route, which loads it first. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

export function useRight(right: Right): boolean {
  return useMe().rights.includes(right);
}

/** One right, or several that are needed together. */
export type Needed = Right | readonly Right[];

/** Whether these rights include one of the alternatives. */
export function allows(rights: readonly Right[], alternatives: readonly Needed[]): boolean {
  return alternatives.some((needed) => [needed].flat().every((right) => rights.includes(right)));
}

/** What opens patients' cards: the list of patients, or the calendar where visits show who their patients are. */
export const CARDS: readonly Needed[] = ['patients', ['calendar', 'patient_info']];
