import type { Visit } from '@/lib/api/model';
import { createStore } from '@/lib/store';

/** What is being dragged, marked or moved by keys at the moment; drawn over the columns, so that these aren't drawn anew. */
export interface Ghost {
  kind: 'create' | 'move' | 'resize';
  column: number;
  /** Minutes of the column's date; may run over midnight. */
  from: number;
  to: number;
  visit: Visit | null;
}

export type GhostStore = ReturnType<typeof createGhostStore>;

export function createGhostStore() {
  return createStore<Ghost | null>(null);
}
