import type { ReactNode } from 'react';
import type { ExcelImport } from './queries';
import classes from './excel.module.css';

/** How many rows, by what becomes of them; before loading what would, afterwards what did. */
export function Counts({ job }: { readonly job: ExcelImport }): ReactNode {
  const { state, counts } = job;
  const rows: [string, number][] =
    state === 'checked'
      ? [
          ['Создать', counts.create],
          ['Изменить', counts.edit],
          ['На решение', counts.needs_decision],
          ['С ошибками', counts.refused],
          ['Без изменений', counts.unchanged],
        ]
      : [
          ['Создано', counts.created],
          ['Изменено', counts.edited],
          ['С ошибками', counts.refused + counts.failed],
          ['Без изменений', counts.unchanged],
          ...(counts.needs_decision > counts.decided
            ? ([['Без решения', counts.needs_decision - counts.decided]] as [string, number][])
            : []),
          ...(counts.undone + counts.not_undone > 0
            ? ([
                ['Отменено', counts.undone],
                ['Осталось', counts.not_undone],
              ] as [string, number][])
            : []),
        ];
  return (
    <dl className={classes.counts}>
      {rows.map(([label, count]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{count.toLocaleString('ru-RU')}</dd>
        </div>
      ))}
    </dl>
  );
}
