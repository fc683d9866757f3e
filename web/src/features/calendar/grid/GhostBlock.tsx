import { useLayoutEffect, useRef } from 'react';
import { useStore } from '@/lib/store';
import { clock } from '@/lib/time';
import type { Column } from '../model/columns';
import { type Geometry, top } from '../model/geometry';
import { type GhostStore, hindrance } from '../model/ghost';
import classes from './TimeGrid.module.css';

interface GhostBlockProps {
  store: GhostStore;
  geometry: Geometry;
  columns: readonly Column[];
  oneAtOnce: boolean;
}

export function formatMinute(minute: number): string {
  return clock(((minute % 1440) + 1440) % 1440);
}

export function GhostBlock({ store, geometry, columns, oneAtOnce }: GhostBlockProps) {
  const ghost = useStore(store);
  const block = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (ghost?.byKeys === true) block.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [ghost]);
  const column = ghost === null ? undefined : columns[ghost.column];
  if (ghost === null || column === undefined) return null;
  const share = 100 / columns.length;
  const from = Math.max(geometry.from, ghost.from);
  const to = Math.min(geometry.to, ghost.to);
  const reason = hindrance(ghost, column, oneAtOnce);
  return (
    <div
      ref={block}
      className={classes.ghost}
      data-ghost={ghost.kind}
      data-off={reason !== null || undefined}
      aria-hidden="true"
      style={{
        left: `calc(${ghost.column * share}% + 2px)`,
        width: `calc(${share}% - 5px)`,
        top: top(geometry, from),
        height: Math.max(16, (to - from) * geometry.perMinute - 1),
      }}
    >
      <b>
        {formatMinute(ghost.from)}–{formatMinute(ghost.to)}
        {reason !== null && ` · ${reason}`}
      </b>
      {ghost.visit !== null && <span>{ghost.visit.patient.name}</span>}
    </div>
  );
}
