import { useStore } from '@/lib/store';
import { clock } from '@/lib/time';
import { type Column, isWorking } from './columns';
import { type Geometry, top } from './geometry';
import type { GhostStore } from './ghost';
import classes from './TimeGrid.module.css';

interface GhostBlockProps {
  store: GhostStore;
  geometry: Geometry;
  columns: readonly Column[];
}

export function sayMinute(minute: number): string {
  return clock(((minute % 1440) + 1440) % 1440);
}

export function GhostBlock({ store, geometry, columns }: GhostBlockProps) {
  const ghost = useStore(store);
  const column = ghost === null ? undefined : columns[ghost.column];
  if (ghost === null || column === undefined) return null;
  const share = 100 / columns.length;
  const from = Math.max(geometry.from, ghost.from);
  const to = Math.min(geometry.to, ghost.to);
  return (
    <div
      className={classes.ghost}
      data-off={!isWorking(column.hours, Math.max(0, ghost.from), Math.min(1440, ghost.to)) || undefined}
      aria-hidden="true"
      style={{
        left: `calc(${ghost.column * share}% + 2px)`,
        width: `calc(${share}% - 5px)`,
        top: top(geometry, from),
        height: Math.max(16, (to - from) * geometry.perMinute - 1),
      }}
    >
      <b>
        {sayMinute(ghost.from)}–{sayMinute(ghost.to)}
      </b>
      {ghost.visit !== null && <span>{ghost.visit.patient.name}</span>}
    </div>
  );
}
