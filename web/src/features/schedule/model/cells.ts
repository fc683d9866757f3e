/** What stands in each cell of the grid: the saved schedule with the pending edits laid over it. */
import { sameHours, sameWeek, type Hours, type Week } from './hours';
import { weekdayOf, type DateKey } from './dates';
import { cellKey, type CellAt, type DayEdit, type Edits } from './pending';
import type { DayKind } from './dayKinds';

interface SavedDay {
  readonly date: DateKey;
  readonly intervals: Hours;
  readonly kind: DayKind;
  /** Set for this very day, not by the week. */
  readonly own: boolean;
}

export interface ScheduleRow {
  readonly id: string;
  readonly name: string;
  readonly position: string;
  /** null = follows the organisation. */
  readonly week: Week | null;
  readonly days: readonly SavedDay[];
}

export interface Saved {
  readonly version: number;
  readonly organisation: Week;
  readonly employees: readonly ScheduleRow[];
}

export interface Cell {
  readonly date: DateKey;
  readonly kind: DayKind;
  readonly hours: Hours;
  readonly own: boolean;
  /** Not saved yet: this cell, or the week behind it. */
  readonly pending: boolean;
}

/** The week that an employee has with the pending edits, and whether those changed it. */
export function weekOf(row: ScheduleRow, saved: Saved, edits: Edits): { week: Week; own: boolean; pending: boolean } {
  const organisation = edits.organisation ?? saved.organisation;
  const edited = row.id in edits.weeks;
  const own = edited ? (edits.weeks[row.id] ?? null) : row.week;
  return {
    week: own ?? organisation,
    own: own !== null,
    pending: edited || (own === null && edits.organisation !== null),
  };
}

/** The cells of one employee's row, in the order of its saved days. */
export function cellsOf(row: ScheduleRow, saved: Saved, edits: Edits): Cell[] {
  const { week, pending: weekPending } = weekOf(row, saved, edits);
  return row.days.map((day) => {
    const edit = edits.days[cellKey({ employeeId: row.id, date: day.date })];
    if (edit !== undefined && edit !== 'clear') {
      return { date: day.date, kind: edit.kind, hours: edit.hours, own: true, pending: true };
    }
    if (edit === undefined && day.own)
      return { date: day.date, kind: day.kind, hours: day.intervals, own: true, pending: false };
    const hours = week[weekdayOf(day.date)] ?? [];
    const pending = edit === 'clear' || (weekPending && !sameHours(hours, day.intervals));
    return { date: day.date, kind: hours.length > 0 ? 'work' : 'off', hours, own: false, pending };
  });
}

/** Organisation's hours on the given dates. */
export function organisationCells(dates: readonly DateKey[], saved: Saved, edits: Edits): Cell[] {
  const week = edits.organisation ?? saved.organisation;
  return dates.map((date) => {
    const hours = week[weekdayOf(date)] ?? [];
    const before = saved.organisation[weekdayOf(date)] ?? [];
    return { date, kind: hours.length > 0 ? 'work' : 'off', hours, own: false, pending: !sameHours(hours, before) };
  });
}

/** The edit to keep for a cell: null where it says just what is saved, so that the counter counts real changes. */
export function neededEdit(edit: DayEdit, cell: CellAt, saved: Saved): DayEdit | null {
  const day = saved.employees
    .find((row) => row.id === cell.employeeId)
    ?.days.find((saying) => saying.date === cell.date);
  if (!day) return edit;
  if (edit === 'clear') return day.own ? edit : null;
  return day.own && day.kind === edit.kind && sameHours(day.intervals, edit.hours) ? null : edit;
}

export function neededWeek(week: Week | null, row: ScheduleRow): Week | null | undefined {
  return sameWeek(week, row.week) ? undefined : week;
}

/** Hours to propose for a shift on that day: the cell's own, else the week's, else the organisation's, else 9–21. */
export function proposedHours(cell: Cell, week: Week, organisation: Week): Hours {
  const day = weekdayOf(cell.date);
  const choices = [cell.hours, week[day], organisation[day], week.find((hours) => hours.length > 0), organisation[0]];
  return choices.find((hours) => hours !== undefined && hours.length > 0) ?? [['09:00', '21:00']];
}
