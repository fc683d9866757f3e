/**
 * The conflicts of edits whose save was refused, as they are now: moved, cancelled and newly booked visits, and other
 * edits, are followed. The answer outlives leaving the page, as the edits do.
 */
import { useQuery } from '@tanstack/react-query';
import type { Conflict } from '@/entities/visit/conflicts';
import { changesOf, isEmpty, type Pending } from './pending';
import { conflictsQuery } from '../queries';

/** null: nothing was refused, or it isn't known yet. */
export function useConflicts({ edits, refused }: Pending): readonly Conflict[] | null {
  const asked = refused && !isEmpty(edits);
  const query = useQuery({ ...conflictsQuery(changesOf(edits)), enabled: asked });
  return asked ? (query.data ?? null) : null;
}
