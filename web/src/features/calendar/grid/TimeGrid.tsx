import { VisuallyHidden } from '@mantine/core';
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { createGhostStore } from '../model/ghost';
import type { Column } from '../model/columns';
import { type Geometry, height, minuteAt, top } from '../model/geometry';
import { GhostBlock } from './GhostBlock';
import { formatDay } from '@/lib/time';
import { DayBand, daysOf } from './DayBand';
import { GridColumn } from './GridColumn';
import { SlotCursor } from './SlotCursor';
import { TimeAxis } from './TimeAxis';
import classes from './TimeGrid.module.css';
import { useDrawnColumns } from './useDrawnColumns';
import { useGridKeys } from './useGridKeys';
import { type GridActions, useGridPointer } from './useGridPointer';
import { PointedVisit } from './PointedVisit';
import { createPointedStore, useVisitPointing } from './useVisitPointing';

interface TimeGridProps {
  label: string;
  columns: readonly Column[];
  geometry: Geometry;
  /** The clinic's date of today, by which the now-line is drawn. */
  today: string;
  /** The present minute, brought into view when the days change; null on other days. */
  now: number | null;
  /** The minute at which days without the present are opened. */
  opening: number;
  /** A doctor sees one patient at a time. */
  oneAtOnce: boolean;
  /** Columns of several doctors on several days: narrow ones under bands of days. */
  bands: boolean;
  pending: ReadonlySet<string>;
  actions: GridActions;
  renderHead: (column: Column) => ReactNode;
  announcement: RefObject<((text: string) => void) | null>;
}

/** From this width of a column on, one-line blocks show their hours too. */
const ROOMY_PX = 215;

/** The calendar's grid: a column per doctor's day, time downwards, heads and hours staying in view. */
export function TimeGrid({
  label,
  columns,
  geometry,
  today,
  now,
  opening,
  oneAtOnce,
  bands,
  pending,
  actions,
  renderHead,
  announcement,
}: TimeGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const [ghosts] = useState(createGhostStore);
  const [pointed] = useState(createPointedStore);
  const [spoken, announce] = useState('');
  const situation = useRef({ columns, geometry, actions, oneAtOnce });
  useLayoutEffect(() => {
    situation.current = { columns, geometry, actions, oneAtOnce };
  });
  useEffect(() => {
    announcement.current = announce;
    return () => {
      announcement.current = null;
    };
  }, [announcement]);

  useGridPointer(body, scroller, ghosts, situation);
  useGridKeys(body, ghosts, situation, announce);
  useVisitPointing(body, scroller, card, pointed);

  const days = useMemo(() => daysOf(columns), [columns]);
  const dayNames = useMemo(() => new Map(days.map(({ date }) => [date, formatDay(date, today)])), [days, today]);
  const shownDays = days.map(({ date }) => date).join(' ');
  const geometryBefore = useRef(geometry);
  useLayoutEffect(() => {
    const port = scroller.current;
    const before = geometryBefore.current;
    geometryBefore.current = geometry;
    // more hours above, or another step: the time in view stays in view
    if (port !== null && before !== geometry) port.scrollTop = top(geometry, minuteAt(before, port.scrollTop));
  }, [geometry]);
  useLayoutEffect(() => {
    const port = scroller.current;
    if (port === null || shownDays === '') return;
    port.scrollTop = now === null ? top(geometry, opening) : top(geometry, now) - port.clientHeight / 3;
    // only new days move the view; a change of hours or step under the hand doesn't
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shownDays]);
  useLayoutEffect(() => {
    const first = Math.max(
      0,
      columns.findIndex(({ date }) => date === today),
    );
    // columns are of one width: the place of today's first one is known before it is drawn
    scroller.current?.scrollTo({ left: ((body.current?.clientWidth ?? 0) * first) / columns.length });
    // as above; everybody's columns and one doctor's are of different widths
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shownDays, bands]);

  // marked by an attribute: container queries over hundreds of blocks cost more than all the rest
  useEffect(() => {
    const grid = body.current;
    if (grid === null) return undefined;
    const observer = new ResizeObserver(() => {
      grid.toggleAttribute('data-narrow', grid.clientWidth / columns.length < ROOMY_PX);
    });
    observer.observe(grid);
    return () => observer.disconnect();
  }, [columns.length]);

  const drawn = useDrawnColumns(columns, scroller);
  const width = bands ? 96 : 136;
  return (
    <div ref={scroller} className={classes.scroller} role="region" aria-label={label}>
      <div className={classes.table} style={{ minWidth: 56 + columns.length * width }}>
        <div className={classes.corner} />
        <div
          className={classes.heads}
          data-bands={bands || undefined}
          style={{ gridTemplateColumns: `repeat(${columns.length}, minmax(0, 1fr))` }}
        >
          {bands && days.map((day) => <DayBand key={day.date} {...day} today={day.date === today} />)}
          {columns.map((column) => (
            <div
              key={column.key}
              className={classes.head}
              data-today={(days.length > 1 && !bands && column.date === today) || undefined}
            >
              {renderHead(column)}
            </div>
          ))}
        </div>
        <TimeAxis geometry={geometry} now={columns.some(({ date }) => date === today)} />
        <div
          ref={body}
          className={classes.body}
          style={
            {
              height: height(geometry),
              gridTemplateColumns: `repeat(${columns.length}, minmax(0, 1fr))`,
              '--line': `${geometry.step * geometry.perMinute}px`,
              '--hour': `${60 * geometry.perMinute}px`,
            } as React.CSSProperties
          }
        >
          {drawn.map((column) => (
            <GridColumn
              key={column.key}
              column={column}
              label={`${column.name}${bands ? `, ${dayNames.get(column.date) ?? ''}` : ''}: визиты`}
              geometry={geometry}
              pending={pending}
              today={column.date === today}
            />
          ))}
          <SlotCursor
            columns={columns}
            geometry={geometry}
            start={now ?? opening}
            onCreate={actions.create}
            announce={announce}
          />
          <GhostBlock store={ghosts} geometry={geometry} columns={columns} oneAtOnce={oneAtOnce} />
        </div>
      </div>
      <PointedVisit store={pointed} columns={columns} card={card} />
      <VisuallyHidden role="status" aria-live="assertive">
        {spoken}
      </VisuallyHidden>
    </div>
  );
}
