import type { ReactNode } from 'react';
import { weekdayOf, writeLongDate, type DateKey } from '../model/dates';
import { WEEKDAYS_SHORT } from '../model/hours';
import classes from './ScheduleGrid.module.css';

/** A day above its column; chooses the column where several cells can be chosen. */
export function DateHead({
  date,
  today,
  onChoose,
}: {
  date: DateKey;
  today: boolean;
  onChoose: (() => void) | null;
}): ReactNode {
  const weekday = weekdayOf(date);
  const face = (
    <>
      <span className={classes.weekday}>{WEEKDAYS_SHORT[weekday]}</span>
      <span className={classes.dayNumber}>{Number(date.slice(8))}</span>
    </>
  );
  return (
    <th
      scope="col"
      className={classes.columnHead}
      data-weekend={weekday > 4 || undefined}
      data-today={today || undefined}
      aria-current={today ? 'date' : undefined}
    >
      {onChoose ? (
        <button type="button" tabIndex={-1} title={`Выбрать столбец: ${writeLongDate(date)}`} onClick={onChoose}>
          {face}
        </button>
      ) : (
        <div style={{ padding: '4px 0' }}>{face}</div>
      )}
    </th>
  );
}
