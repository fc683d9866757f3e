import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './HeatMap.module.css';
import type { Load } from './queries';

const WEEKDAYS = ['Пн', 'Вт', 'Ср', 'Чт', 'Пт', 'Сб', 'Вс'] as const;

/** How many hours of visits there were at each hour of the week: the darker, the more. */
export function HeatMap({ cells }: { readonly cells: Load['cells'] }): ReactNode {
  const most = Math.max(...cells.map(({ booked }) => booked), 1);
  const first = Math.min(...cells.map(({ hour }) => hour));
  const last = Math.max(...cells.map(({ hour }) => hour));
  const hours = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const at = (weekday: number, hour: number) =>
    cells.find((cell) => cell.weekday === weekday && cell.hour === hour)?.booked ?? 0;
  return (
    <Table className={classes.map} aria-label="Часы визитов по дням недели и времени" withRowBorders={false}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th aria-label="День недели" />
          {hours.map((hour) => (
            <Table.Th key={hour} className="tabular">
              {hour}:00
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {WEEKDAYS.map((day, weekday) => (
          <Table.Tr key={day}>
            <Table.Th scope="row">{day}</Table.Th>
            {hours.map((hour) => {
              const booked = at(weekday, hour);
              return (
                <Table.Td key={hour} className="tabular" data-heat={Math.ceil((booked / most) * 5)}>
                  {booked > 0 && (Math.round(booked / 6) / 10).toLocaleString('ru-RU')}
                </Table.Td>
              );
            })}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
