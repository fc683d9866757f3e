/** The block above the calendar: visits of the shown day, and what the desk for statistics moved on it. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { counted, rubles } from '@/lib/text';
import { formatDate } from '@/lib/time';
import classes from './DayStatistics.module.css';
import { dayStatisticsQuery } from './queries';

export function DayStatistics({ day }: { readonly day: string }): ReactNode {
  const { data } = useQuery(dayStatisticsQuery(day));
  if (data === undefined) return <div className={classes.block} aria-hidden="true" />;
  const { visits, first_visits: first, desk, income, outgo } = data;
  return (
    <div className={classes.block} role="group" aria-label={`Статистика за ${formatDate(day)}`}>
      <span>
        <b>{counted(visits, 'визит', 'визита', 'визитов')}</b>
        {first > 0 && `, ${counted(first, 'первичный', 'первичных', 'первичных')}`}
      </span>
      {desk !== '' && (
        <>
          <span className={classes.desk}>{desk}</span>
          <span>
            приход <b className="tabular">{rubles(income)}</b>
          </span>
          <span>
            расход <b className="tabular">{rubles(outgo)}</b>
          </span>
        </>
      )}
    </div>
  );
}
