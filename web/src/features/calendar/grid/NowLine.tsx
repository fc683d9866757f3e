import { useMe } from '@/lib/api/me';
import { clock, minuteOf } from '@/lib/time';
import { type Geometry, top } from '../model/geometry';
import classes from './TimeGrid.module.css';
import { useClinicNow } from './useClinicNow';

export function NowLine({ geometry }: { geometry: Geometry }) {
  const minute = minuteOf(useClinicNow(useMe().clinic.zone));
  if (minute < geometry.from || minute > geometry.to) return null;
  return <div className={classes.now} style={{ top: top(geometry, minute) }} aria-hidden="true" />;
}

/** The present time on the axis, whichever columns are in view. */
export function NowMark({ geometry }: { geometry: Geometry }) {
  const minute = minuteOf(useClinicNow(useMe().clinic.zone));
  if (minute < geometry.from || minute > geometry.to) return null;
  return (
    <span className={classes.nowMark} style={{ top: top(geometry, minute) }}>
      {clock(minute)}
    </span>
  );
}
