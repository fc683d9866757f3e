/** The rows of the version window: the schedule then, with what holds now beside it where that differs. */
import type { DateKey } from '../model/dates';
import { weekdayOf } from '../model/dates';
import { formatCell } from '../model/gridRows';
import { normalised, sameHours } from '../model/hours';
import type { ComparedDay, ComparedEmployee, PastSchedule } from '../queries';
import type { CellState, GridCell, GridRow } from '../model/gridCells';

function stateOf(cell: ComparedDay['then']): CellState {
  return { tone: cell.kind, hours: normalised(cell.intervals) };
}

function format(state: CellState): string {
  return formatCell({ kind: state.tone, hours: state.hours });
}

function compared(
  then: CellState,
  now: CellState,
  changed: boolean,
  visits: number,
  differences: boolean,
  own: boolean,
): GridCell {
  const words = changed ? `в этой версии ${format(then)}, сейчас ${format(now)}` : format(then);
  return {
    ...then,
    own: own && then.tone === 'work',
    other: changed ? now : null,
    frame: visits > 0,
    blank: differences && !changed && visits === 0,
    label: visits > 0 ? `${words}; мешают визиты: ${visits}` : words,
  };
}

function noteOf(employee: ComparedEmployee): string {
  if (employee.deleted_now) return 'сейчас удалён';
  if (employee.not_in_version) return 'нет в этой версии';
  return employee.position;
}

export function thenRows(then: PastSchedule, dates: readonly DateKey[], differences: boolean): GridRow[] {
  const rows: GridRow[] = [
    {
      id: 'organisation',
      name: 'Организация',
      note: 'Часы работы',
      cells: dates.map((date) => {
        const before = normalised(then.organisation.then[weekdayOf(date)] ?? []);
        const after = normalised(then.organisation.now[weekdayOf(date)] ?? []);
        const changed = !sameHours(before, after);
        return compared(weekCell(before), weekCell(after), changed, 0, differences, false);
      }),
    },
  ];
  for (const employee of then.employees) {
    rows.push({
      id: employee.id,
      name: employee.name,
      note: noteOf(employee),
      struck: employee.deleted_now,
      grey: employee.not_in_version,
      cells: employee.days.map((day) =>
        compared(
          stateOf(day.then),
          stateOf(day.now),
          day.changed,
          day.conflict ? day.visits.length : 0,
          differences,
          day.then.own,
        ),
      ),
    });
  }
  return differences
    ? rows.filter((row, index) => index === 0 || (row.struck ?? false) || row.cells.some((cell) => !cell.blank))
    : rows;
}

function weekCell(hours: ReturnType<typeof normalised>): CellState {
  return { tone: hours.length > 0 ? 'work' : 'off', hours };
}
