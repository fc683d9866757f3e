import { memo, useMemo } from 'react';
import { occupies } from '@/entities/visit/status';
import { minuteFrom } from '@/lib/time';
import { type Column, DAY, offTime, within } from '../model/columns';
import { type Geometry, height, top } from '../model/geometry';
import { layout, type Placed } from '../model/layout';
import { NowLine } from './NowLine';
import classes from './TimeGrid.module.css';
import { VisitBlock } from './VisitBlock';

const LOWEST = 18;

interface GridColumnProps {
  column: Column;
  label: string;
  geometry: Geometry;
  pending: ReadonlySet<string>;
  today: boolean;
}

export const GridColumn = memo(function GridColumn({ column, label, geometry, pending, today }: GridColumnProps) {
  const off = useMemo(
    () => offTime(column.hours, geometry.from, geometry.to),
    [column.hours, geometry.from, geometry.to],
  );
  const lanes = useMemo(() => {
    const placed: Placed[] = [];
    for (const visit of column.visits) {
      const covered = within(column.date, visit);
      if (covered !== null)
        placed.push({ id: visit.id, from: covered[0], to: covered[1], occupies: occupies(visit.status) });
    }
    return layout(placed, LOWEST / geometry.perMinute);
  }, [column, geometry.perMinute]);

  return (
    <div
      className={classes.column}
      data-column={column.key}
      role="group"
      aria-label={label}
      style={{ height: height(geometry) }}
    >
      {off.map(([from, to]) => (
        <div
          key={from}
          className={classes.off}
          style={{ top: top(geometry, from), height: (to - from) * geometry.perMinute }}
        />
      ))}
      {column.visits.map((visit) => {
        const covered = within(column.date, visit);
        const lane = lanes.get(visit.id);
        if (covered === null || lane === undefined) return null;
        const [from, to] = covered;
        return (
          <VisitBlock
            key={visit.id}
            visit={visit}
            top={top(geometry, from)}
            height={Math.max(LOWEST, (to - from) * geometry.perMinute) - 1}
            left={lane.left}
            width={lane.width}
            resizable={minuteFrom(column.date, visit.ends_at) <= DAY}
            pending={pending.has(visit.id)}
          />
        );
      })}
      {today && <NowLine geometry={geometry} />}
    </div>
  );
});
