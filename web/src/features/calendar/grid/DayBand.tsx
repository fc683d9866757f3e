import { Link } from '@tanstack/react-router';
import { format, type LocalDate } from '@/lib/time';
import type { Column } from '../model/columns';
import classes from './TimeGrid.module.css';

interface Day {
  date: LocalDate;
  /** How many columns it has. */
  span: number;
}

/** The days of the columns, in their order. */
export function daysOf(columns: readonly Column[]): Day[] {
  const spans = new Map<LocalDate, number>();
  for (const { date } of columns) spans.set(date, (spans.get(date) ?? 0) + 1);
  return [...spans].map(([date, span]) => ({ date, span }));
}

/** A day over its columns; its name stays in view while they are scrolled. */
export function DayBand({ date, span, today }: Day & { today: boolean }) {
  return (
    <div className={classes.band} style={{ gridColumn: `span ${span}` }} data-today={today || undefined}>
      <Link
        to="/calendar"
        search={(now) => ({ ...now, date, view: undefined, doctor: undefined })}
        className={classes.bandName}
      >
        {format(date, 'dddd, D MMMM')}
      </Link>
    </div>
  );
}
