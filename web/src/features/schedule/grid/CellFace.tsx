import type { ReactNode } from 'react';
import { DAY_KINDS } from '../model/dayKinds';
import type { CellState } from '../model/gridCells';
import { shortTime } from '../model/hours';
import classes from './ScheduleGrid.module.css';

/** What stands in a cell: its hours, or what else the day is. */
export function CellFace({ state, wide }: { state: CellState; wide: boolean }): ReactNode {
  const { tone, hours } = state;
  const first = hours[0];
  const last = hours.at(-1);
  if (tone === 'work' && (!first || !last)) return null;
  if (tone !== 'work' || !first || !last) return wide ? DAY_KINDS[tone].short : DAY_KINDS[tone].code;
  if (wide) {
    return (
      <span className={classes.times}>
        {hours.map(([from, to]) => (
          <span key={from}>
            {from}–{to}
          </span>
        ))}
      </span>
    );
  }
  return (
    <span className={classes.times}>
      <ShortTime time={first[0]} />
      {hours.length > 1 && <span className={classes.several} />}
      <ShortTime time={last[1]} />
    </span>
  );
}

/** «9», «20³⁰»: minutes raised, so that a month stays readable. */
function ShortTime({ time }: { time: string }): ReactNode {
  const [hours, minutes] = shortTime(time).split(':');
  return (
    <span>
      {hours}
      {minutes !== undefined && <sup className={classes.minutes}>{minutes}</sup>}
    </span>
  );
}
