/** Sums of money over a period as bars: of each day, week or month. */
import type { ReactNode } from 'react';
import { money } from '@/entities/money/amounts';
import { kopecks } from '@/lib/text';
import { formatDate, type LocalDate } from '@/lib/time';
import { Bars } from './Bars';

interface SumBarsProps {
  readonly label: string;
  readonly step: 'day' | 'week' | 'month';
  readonly points: readonly { readonly day: LocalDate; readonly amount: string }[];
}

const STEPS = { day: 'по дням', week: 'по неделям', month: 'по месяцам' } as const;

/** Nothing of a single bar, which says no more than the figure above it. */
export function SumBars({ label, step, points }: SumBarsProps): ReactNode {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return null;
  const highest = points.reduce((most, one) => (kopecks(one.amount) > kopecks(most.amount) ? one : most), first);
  return (
    <Bars
      label={`${label} ${STEPS[step]}`}
      bars={points.map(({ day, amount }) => ({
        key: day,
        title: `${formatDate(day)} – ${money(amount)}`,
        value: kopecks(amount),
      }))}
      first={formatDate(first.day)}
      last={formatDate(last.day)}
      most={`${money(highest.amount)}, ${step === 'day' ? '' : 'с '}${formatDate(highest.day)}`}
    />
  );
}
