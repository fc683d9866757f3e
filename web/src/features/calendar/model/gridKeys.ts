import type { Visit } from '@/lib/api/model';
import { minuteFrom } from '@/lib/time';
import type { Column } from './columns';
import { type Geometry, movedTo } from './geometry';
import type { Ghost } from './ghost';

export type Direction = 'up' | 'down' | 'left' | 'right';

function inOrder(column: Column): Visit[] {
  return [...column.visits].sort((one, other) =>
    one.starts_at < other.starts_at ? -1 : one.starts_at > other.starts_at ? 1 : one.number - other.number,
  );
}

/** The visit that an arrow leads to from `from` in column `at`; null at the edge. */
export function neighbour(
  columns: readonly Column[],
  at: number,
  from: Visit,
  direction: Direction,
): { column: number; visit: Visit } | null {
  const own = columns[at];
  if (own === undefined) return null;
  if (direction === 'up' || direction === 'down') {
    const visits = inOrder(own);
    const next = visits[visits.findIndex(({ id }) => id === from.id) + (direction === 'down' ? 1 : -1)];
    return next === undefined ? null : { column: at, visit: next };
  }
  const step = direction === 'right' ? 1 : -1;
  for (let column = at + step; column >= 0 && column < columns.length; column += step) {
    const other = columns[column];
    if (other === undefined || other.visits.length === 0) continue;
    const start = minuteFrom(own.date, from.starts_at);
    const distance = (visit: Visit) => Math.abs(minuteFrom(other.date, visit.starts_at) - start);
    const visit = inOrder(other).reduce((best, next) => (distance(next) < distance(best) ? next : best));
    return { column, visit };
  }
  return null;
}

/** Where Alt+arrow takes a visit: time by a line, doctor (or day) by a column; with Shift the lower edge by a line. */
export function shifted(
  ghost: Ghost,
  direction: Direction,
  edge: boolean,
  columns: readonly Column[],
  geometry: Geometry,
): Ghost {
  const { step } = geometry;
  const sign = direction === 'down' || direction === 'right' ? 1 : -1;
  if (direction === 'left' || direction === 'right') {
    const column = Math.min(Math.max(ghost.column + sign, 0), columns.length - 1);
    return { ...ghost, kind: 'move', column };
  }
  if (edge) return { ...ghost, kind: 'resize', to: Math.max(ghost.from + Math.min(step, 5), ghost.to + sign * step) };
  const [from, to] = movedTo(geometry, ghost.from, ghost.from + sign * step, ghost.to - ghost.from);
  return { ...ghost, kind: 'move', from, to };
}
