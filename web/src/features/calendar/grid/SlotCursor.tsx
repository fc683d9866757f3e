import { useState } from 'react';
import type { Column } from '../model/columns';
import { type Geometry, top } from '../model/geometry';
import { formatMinute } from './GhostBlock';
import classes from './TimeGrid.module.css';

interface SlotCursorProps {
  columns: readonly Column[];
  geometry: Geometry;
  /** The minute where it stands at first. */
  start: number;
  onCreate: (column: Column, from: number, to: number, dragged: boolean) => void;
  announce: (text: string) => void;
}

/** Books by keyboard: arrows move the mark over the grid, Shift+arrows change its length, Enter opens the booking window. */
export function SlotCursor({ columns, geometry, start, onCreate, announce }: SlotCursorProps) {
  const [slot, setSlot] = useState({ column: 0, from: start, lines: 1 });
  const at = Math.min(slot.column, columns.length - 1);
  const column = columns[at];
  if (column === undefined) return null;
  const { step } = geometry;
  const from = Math.min(Math.max(Math.ceil(slot.from / step) * step, geometry.from), geometry.to - step);
  const to = Math.min(from + slot.lines * step, geometry.to);
  const share = 100 / columns.length;
  const label = (mark: { column: number; from: number; to: number }) =>
    `${formatMinute(mark.from)}–${formatMinute(mark.to)}, ${columns[mark.column]?.name ?? ''}`;

  const move = (change: Partial<typeof slot>) => {
    const next = { column: at, from, lines: slot.lines, ...change };
    next.column = Math.min(Math.max(next.column, 0), columns.length - 1);
    next.from = Math.min(Math.max(next.from, geometry.from), geometry.to - step);
    next.lines = Math.max(1, next.lines);
    setSlot(next);
    announce(label({ column: next.column, from: next.from, to: Math.min(next.from + next.lines * step, geometry.to) }));
  };

  return (
    <button
      type="button"
      className={classes.cursor}
      aria-label={`Новая запись: ${label({ column: at, from, to })}. Стрелки выбирают время и врача, Shift и стрелки — длительность`}
      style={{
        left: `calc(${at * share}% + 1px)`,
        width: `calc(${share}% - 3px)`,
        top: top(geometry, from),
        height: (to - from) * geometry.perMinute,
      }}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return;
        const lines = event.shiftKey;
        if (event.key === 'ArrowDown') move(lines ? { lines: slot.lines + 1 } : { from: from + step });
        else if (event.key === 'ArrowUp') move(lines ? { lines: slot.lines - 1 } : { from: from - step });
        else if (event.key === 'ArrowRight') move({ column: at + 1 });
        else if (event.key === 'ArrowLeft') move({ column: at - 1 });
        else if (event.key === 'Home') move({ from: geometry.from });
        else if (event.key === 'End') move({ from: geometry.to - step });
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onFocus={(event) => event.currentTarget.scrollIntoView({ block: 'nearest', inline: 'nearest' })}
      onClick={() => onCreate(column, from, to, slot.lines > 1)}
    />
  );
}
