import { faultsIn } from '@/lib/api/faults';

/** The reason by which the server refused one field; undefined where it refused something else, or nothing. */
export function faultOf(error: unknown, field: string): string | undefined {
  return faultsIn(error, (named) => (named === field ? field : undefined))?.[field];
}
