import { Paper, Table } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { ColumnHead } from '@/components/list/ColumnHead';
import { useMe } from '@/lib/api/me';
import { format, toClinic } from '@/lib/time';
import type { JournalColumn } from './columns';
import classes from './JournalTable.module.css';
import type { JournalItem } from './queries';

interface JournalTableProps {
  readonly items: readonly JournalItem[];
  readonly columns: readonly JournalColumn[];
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}

/** Entries under the days on which they happened. */
export function JournalTable({ items, columns, sort, onSort }: JournalTableProps): ReactNode {
  const { zone } = useMe().clinic;
  const kindApart = columns.some(({ key }) => key === 'kind');
  return (
    <Paper
      withBorder
      className={classes.panel}
      role="region"
      aria-label="Журнал действий"
      // many columns in a narrow window scroll inside of the frame, which therefore takes the keyboard
      tabIndex={0}
    >
      <Table
        aria-label="Журнал действий"
        className={classes.table}
        miw={columns.reduce((sum, { width }) => sum + width, 0)}
        highlightOnHover
      >
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <ColumnHead key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item, index) => {
            const moment = toClinic(item.moment, zone);
            const before = items[index - 1];
            const newDay = !before || toClinic(before.moment, zone).slice(0, 10) !== moment.slice(0, 10);
            return (
              <Fragment key={item.position}>
                {newDay && (
                  <Table.Tr className={classes.day}>
                    <Table.Th colSpan={columns.length} scope="rowgroup">
                      {format(moment, 'dddd, D MMMM YYYY')}
                    </Table.Th>
                  </Table.Tr>
                )}
                <Table.Tr>
                  {columns.map(({ key, className, render }) => (
                    <Table.Td key={key} className={className}>
                      {render({ item, moment, kindApart })}
                    </Table.Td>
                  ))}
                </Table.Tr>
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
