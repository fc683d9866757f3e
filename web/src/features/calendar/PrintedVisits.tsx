import { Table, Title } from '@mantine/core';
import { PaperLine } from '@/components/PaperLine';
import { STATUSES } from '@/entities/visit/status';
import { useRight } from '@/lib/api/me';
import { formatPhone } from '@/lib/text';
import { clock, type LocalDate, format, formatTime } from '@/lib/time';
import type { Column } from './model/columns';
import classes from './PrintedVisits.module.css';

/** A sheet of paper outlives the year. */
const paperDay = (date: LocalDate) => format(date, 'dddd, D MMMM YYYY');

/** The calendar on paper: every visit of every column in a table, since a grid as high as a day can't be cut into sheets. */
export function PrintedVisits({ title, columns }: { title: string; columns: readonly Column[] }) {
  const phones = useRight('patient_info');
  return (
    <div className="only-paper">
      <PaperLine />
      <Title order={1}>{title}</Title>
      {columns
        .filter(({ doctorId, visits }) => doctorId !== null || visits.length > 0)
        .map((column) => (
          <section key={column.key} className={classes.column}>
            <Title order={2} className={classes.name}>
              {column.name}, {paperDay(column.date)}
              {column.doctorId !== null && (
                <span className={classes.hours}>
                  {column.hours.map(([from, to]) => `${clock(from)}–${clock(to)}`).join(', ')}
                </span>
              )}
            </Title>
            {column.visits.length === 0 ? (
              <p className={classes.none}>Визитов нет</p>
            ) : (
              <Table className={classes.table} aria-label={`${column.name}, ${paperDay(column.date)}`}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Время</Table.Th>
                    <Table.Th>Пациент</Table.Th>
                    {phones && <Table.Th>Телефон</Table.Th>}
                    <Table.Th>Услуги</Table.Th>
                    <Table.Th>Каб.</Table.Th>
                    <Table.Th>Комментарий</Table.Th>
                    <Table.Th>Состояние</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {[...column.visits]
                    .sort((one, other) => one.starts_at.localeCompare(other.starts_at))
                    .map((visit) => (
                      <Table.Tr key={visit.id}>
                        <Table.Td className={classes.whole}>
                          {formatTime(visit.starts_at)}–{formatTime(visit.ends_at)}
                        </Table.Td>
                        <Table.Td>{visit.patient.name}</Table.Td>
                        {phones && <Table.Td className={classes.whole}>{formatPhone(visit.patient.phone)}</Table.Td>}
                        <Table.Td>
                          {visit.lines
                            .map(({ name, quantity }) => (quantity > 1 ? `${name} × ${quantity}` : name))
                            .join(', ')}
                        </Table.Td>
                        <Table.Td>{visit.room}</Table.Td>
                        <Table.Td>{visit.comment}</Table.Td>
                        <Table.Td className={classes.whole}>{STATUSES[visit.status].label}</Table.Td>
                      </Table.Tr>
                    ))}
                </Table.Tbody>
              </Table>
            )}
          </section>
        ))}
    </div>
  );
}
