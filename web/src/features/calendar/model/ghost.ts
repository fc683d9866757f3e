import { occupies } from '@/entities/visit/status';
import type { Visit } from '@/lib/api/model';
import { createStore } from '@/lib/store';
import { type Column, DAY, isWorking, within } from './columns';

/** What is being dragged, marked or moved by keys at the moment; drawn over the columns, so that these aren't drawn again. */
export interface Ghost {
  kind: 'create' | 'move' | 'resize';
  column: number;
  /** Minutes of the column's date; may run over midnight. */
  from: number;
  to: number;
  visit: Visit | null;
  /** Carried by keys: the grid scrolls along with it. */
  byKeys?: boolean;
}

/**
 * Why the server would refuse it there, as far as the page can see: no working time, or another visit where a doctor sees one
 * patient at a time; null where nothing is in the way.
 */
export function hindrance(ghost: Ghost, column: Column, oneAtOnce: boolean): string | null {
  const { from, to, visit } = ghost;
  if (!isWorking(column.hours, Math.max(0, from), Math.min(DAY, to))) return 'приёма нет';
  if (!oneAtOnce || column.doctorId === null || (visit !== null && !occupies(visit.status))) return null;
  const taken = column.visits.some((other) => {
    if (other.id === visit?.id || !occupies(other.status)) return false;
    const covered = within(column.date, other);
    return covered !== null && covered[0] < to && from < covered[1];
  });
  return taken ? 'занято' : null;
}

export type GhostStore = ReturnType<typeof createGhostStore>;

export function createGhostStore() {
  return createStore<Ghost | null>(null);
}
