import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './lines.module.css';

const COLUMNS = [
  { title: 'Количество', width: 84, right: true },
  { title: 'Ед.', width: 104, right: false },
  { title: 'Цена', width: 112, right: true },
  { title: 'Скидка', width: 112, right: true },
  { title: 'Сумма', width: 104, right: true },
];

/** The columns of services and of goods, alike. */
export function LinesHead({ of }: { readonly of: string }): ReactNode {
  return (
    <>
      <colgroup>
        <col />
        {COLUMNS.map(({ title, width }) => (
          <col key={title} width={width} />
        ))}
        <col width={38} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{of}</th>
          {COLUMNS.map(({ title, right }) => (
            <th key={title} scope="col" className={right ? classes.right : undefined}>
              {title}
            </th>
          ))}
          <th scope="col">
            <VisuallyHidden>Убрать</VisuallyHidden>
          </th>
        </tr>
      </thead>
    </>
  );
}
