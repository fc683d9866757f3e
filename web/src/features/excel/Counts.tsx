import type { ReactNode } from 'react';
import type { ExcelImport } from './queries';
import { outcomesOf } from './rowKinds';
import classes from './excel.module.css';

/** How many rows, by what becomes of them. */
export function Counts({ job }: { readonly job: ExcelImport }): ReactNode {
  return (
    <dl className={classes.counts}>
      {outcomesOf(job).map(([label, count]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{count.toLocaleString('ru-RU')}</dd>
        </div>
      ))}
    </dl>
  );
}
