import { memo } from 'react';
import { clock } from '@/lib/time';
import { type Geometry, height, top } from '../model/geometry';
import { NowMark } from './NowLine';
import classes from './TimeGrid.module.css';

export const TimeAxis = memo(function TimeAxis({ geometry, now }: { geometry: Geometry; now: boolean }) {
  const { from, to, step, perMinute } = geometry;
  const marks: { minute: number; hour: boolean }[] = [];
  for (let minute = from; minute < to; minute += 60) {
    marks.push({ minute, hour: true });
    const between = step * perMinute >= 20 ? step : 30;
    for (let part = between; part < 60; part += between) marks.push({ minute: minute + part, hour: false });
  }
  return (
    <div className={classes.axis} style={{ height: height(geometry) }} aria-hidden="true">
      {marks.map(({ minute, hour }) => (
        <span
          key={minute}
          className={hour ? classes.hourMark : classes.partMark}
          style={{ top: top(geometry, minute) }}
        >
          {hour ? clock(minute) : `:${String(minute % 60).padStart(2, '0')}`}
        </span>
      ))}
      {now && <NowMark geometry={geometry} />}
    </div>
  );
});
