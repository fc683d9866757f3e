/** The rows of the working-hours grid: first the organisation, then everybody, with labels for screen readers. */
import { cellsOf, organisationCells, weekOf, type Cell, type Saved } from './cells';
import type { DateKey } from './dates';
import { writeHours } from './hours';
import { cellKey, type Edits } from './pending';
import type { Conflict } from '@/entities/visit/conflicts';
import { DAY_KINDS } from './dayKinds';
import type { GridRow } from './gridCells';

export const ORGANISATION = 'organisation';

export function formatCell(cell: Pick<Cell, 'kind' | 'hours'>): string {
  return cell.kind === 'work' && cell.hours.length > 0
    ? `рабочая смена ${writeHours(cell.hours)}`
    : DAY_KINDS[cell.kind].title;
}

function labelOf(cell: Cell, visits: number): string {
  const parts = [formatCell(cell)];
  if (cell.own && cell.kind === 'work') parts.push('часы этого дня');
  if (cell.pending) parts.push('не сохранено');
  if (visits > 0) parts.push(`мешают визиты: ${visits}`);
  return parts.join(', ');
}

export interface HoursRow {
  readonly id: string;
  readonly cells: readonly Cell[];
}

export function hoursRows(saved: Saved, dates: readonly DateKey[], edits: Edits): HoursRow[] {
  return [
    { id: ORGANISATION, cells: organisationCells(dates, saved, edits) },
    ...saved.employees.map((row) => ({ id: row.id, cells: cellsOf(row, saved, edits) })),
  ];
}

export function gridRows(
  saved: Saved,
  rows: readonly HoursRow[],
  edits: Edits,
  conflicts: readonly Conflict[],
  marked: string | undefined,
): GridRow[] {
  const frames = new Map(conflicts.map((conflict) => [cellKey(conflict), conflict.visits.length]));
  return rows.map((row, index) => {
    const employee = saved.employees[index - 1];
    const week = employee && weekOf(employee, saved, edits);
    return {
      id: row.id,
      name: employee?.name ?? 'Организация',
      note: employee ? employee.position || (week?.own ? 'свой график' : 'график организации') : 'Часы работы',
      marked: row.id === marked,
      cells: row.cells.map((cell) => {
        const visits = frames.get(cellKey({ employeeId: row.id, date: cell.date })) ?? 0;
        return {
          tone: cell.kind,
          hours: cell.hours,
          own: cell.own && cell.kind === 'work',
          pending: cell.pending,
          frame: visits > 0,
          label: labelOf(cell, visits),
        };
      }),
    };
  });
}
