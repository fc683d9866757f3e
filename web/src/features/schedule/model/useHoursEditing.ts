/** State of the working-hours page: pending edits, chosen cells, the open dialog, saving and its refusals. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { reportDone } from '@/components/notices';
import { counted } from '@/lib/text';
import { neededEdit, neededWeek, proposedHours, weekOf, type Cell, type Saved } from './cells';
import type { DateKey } from './dates';
import { gridRows, hoursRows, ORGANISATION } from './gridRows';
import { sameWeek, type Week } from './hours';
import * as edit from './pending';
import type { CellAt, DayEdit } from './pending';
import { conflictsQuery, saveChanges, type RangeCell } from '../queries';
import { conflictsIn, type Conflict } from '@/entities/visit/conflicts';
import { movedIn, type Moved } from './refusals';
import * as select from './selection';
import type { Place, Selection } from './selection';
import { usePendingEdits } from './usePendingEdits';
import { useConflicts } from './useConflicts';

export type HoursDialog =
  | { readonly type: 'cells'; readonly hoursFirst: boolean }
  | { readonly type: 'week'; readonly employeeId: string }
  | { readonly type: 'organisation' }
  | { readonly type: 'ranges' }
  | { readonly type: 'edits' }
  | { readonly type: 'conflicts' }
  | { readonly type: 'moved'; readonly moved: Moved };

/** A chosen cell of an employee, with what stands in it. */
export interface ChosenCell {
  readonly at: CellAt;
  readonly cell: Cell;
}

export type HoursEditing = ReturnType<typeof useHoursEditing>;

const NOWHERE: readonly Conflict[] = [];

export function useHoursEditing(
  userId: string,
  saved: Saved | undefined,
  dates: readonly DateKey[],
  marked: string | undefined,
) {
  const { pending, change, forget, settle, found } = usePendingEdits(userId);
  const [foundShown, setFoundShown] = useState(found);
  const [selection, setSelection] = useState<Selection>(select.START);
  const [dialog, setDialog] = useState<HoursDialog | null>(null);
  const [announcement, announce] = useState('');
  const conflicts = useConflicts(pending);
  const currentConflicts = conflicts ?? NOWHERE;
  const queries = useQueryClient();

  const cells = useMemo(() => (saved ? hoursRows(saved, dates, pending.edits) : []), [saved, dates, pending.edits]);
  const rows = useMemo(
    () => (saved ? gridRows(saved, cells, pending.edits, currentConflicts, marked) : []),
    [saved, cells, pending.edits, currentConflicts, marked],
  );

  const chosen = useMemo<ChosenCell[]>(() => {
    const found: ChosenCell[] = [];
    for (const key of select.chosen(selection)) {
      const [row = 0, column = 0] = key.split(':').map(Number);
      const line = cells[row];
      const cell = line?.cells[column];
      if (line && cell && line.id !== ORGANISATION) found.push({ at: { employeeId: line.id, date: cell.date }, cell });
    }
    return found;
  }, [selection, cells]);

  // the row that a link points to gets the focus once
  const pointed = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!saved || marked === undefined || pointed.current === marked) return;
    pointed.current = marked;
    const row = saved.employees.findIndex((employee) => employee.id === marked) + 1;
    if (row > 0) setSelection(select.at({ row, column: 0 }));
  }, [saved, marked]);

  useEffect(() => {
    announce(chosen.length > 1 ? `Выбрано: ${counted(chosen.length, 'ячейка', 'ячейки', 'ячеек')}` : '');
  }, [chosen.length]);

  const setDays = useCallback(
    (days: readonly (readonly [CellAt, DayEdit])[]) => {
      if (!saved) return;
      const needed = days.map(([at, value]) => [at, neededEdit(value, at, saved)] as const);
      change((before) => edit.setDays(before, saved.version, needed));
      announce(`Изменено: ${counted(days.length, 'ячейка', 'ячейки', 'ячеек')}. Не забудьте сохранить.`);
    },
    [saved, change],
  );

  const saving = useMutation({
    mutationFn: ({ base, edits }: { base: number; edits: edit.Edits }) => saveChanges(base, edit.changesOf(edits)),
    onSuccess: async (_, { edits }) => {
      await queries.invalidateQueries({ queryKey: ['schedule'] });
      settle(edits);
      reportDone('График сохранён новой версией.');
    },
    onError: (error, { edits }) => {
      const frames = conflictsIn(error);
      const moved = movedIn(error);
      if (frames !== null) queries.setQueryData(conflictsQuery(edit.changesOf(edits)).queryKey, frames);
      change((now) => ({ ...now, refused: frames !== null }));
      if (moved) setDialog({ type: 'moved', moved });
    },
  });

  const latest = useRef({ chosen, cells });
  latest.current = { chosen, cells };

  const openCell = useCallback((place: Place) => {
    const row = latest.current.cells[place.row];
    if (row) setDialog(row.id === ORGANISATION ? { type: 'organisation' } : { type: 'cells', hoursFirst: false });
  }, []);
  const openHours = useCallback((place: Place) => {
    if (latest.current.cells[place.row]?.id === ORGANISATION) return;
    setSelection((before) => (select.chosen(before).has(select.placeKey(place)) ? before : select.at(place)));
    setDialog({ type: 'cells', hoursFirst: true });
  }, []);
  const openWeek = useCallback((row: number) => {
    const line = latest.current.cells[row];
    if (line) setDialog(line.id === ORGANISATION ? { type: 'organisation' } : { type: 'week', employeeId: line.id });
  }, []);

  /** All chosen cells to a shift by the hours usual on that day, or to a day off. */
  function setShift(kind: 'work' | 'off'): void {
    if (!saved) return;
    setDays(
      chosen.map(({ at, cell }) => {
        const row = saved.employees.find(({ id }) => id === at.employeeId);
        if (kind === 'off' || !row) return [at, { kind: 'off', hours: [] }];
        const hours = proposedHours(
          cell,
          weekOf(row, saved, pending.edits).week,
          pending.edits.organisation ?? saved.organisation,
        );
        return [at, { kind: 'work', hours }];
      }),
    );
  }

  return {
    pending,
    count: edit.countOf(pending.edits),
    rows,
    chosen,
    selection,
    select: setSelection,
    unchoose: () => setSelection((before) => select.at(before.focus)),
    announcement,
    dialog: { now: dialog, open: setDialog, close: () => setDialog(null) },
    openCell,
    openHours,
    openWeek,
    setDays,
    setShift,
    setRange: (found: readonly RangeCell[]) =>
      setDays(
        found.map((cell) => [
          { employeeId: cell.employee_id, date: cell.date },
          { kind: cell.kind, hours: cell.intervals ?? [] },
        ]),
      ),
    setWeek: (employeeId: string, week: Week | null) => {
      const row = saved?.employees.find(({ id }) => id === employeeId);
      if (saved && row) change((before) => edit.setWeek(before, saved.version, employeeId, neededWeek(week, row)));
    },
    setOrganisation: (week: Week) => {
      if (!saved) return;
      const needed = sameWeek(week, saved.organisation) ? null : week;
      change((before) => edit.setOrganisation(before, saved.version, needed));
    },
    dropOrganisation: () => change((before) => edit.setOrganisation(before, before.base ?? 0, null)),
    dropWeek: (employeeId: string) => change((before) => edit.setWeek(before, before.base ?? 0, employeeId, undefined)),
    dropDays: (keys: readonly string[]) =>
      change((before) =>
        edit.setDays(
          before,
          before.base ?? 0,
          keys.map((key) => [edit.cellOf(key), null]),
        ),
      ),
    undo: () => {
      change(edit.undo);
      announce('Правка отменена');
    },
    redo: () => {
      change(edit.redo);
      announce('Правка возвращена');
    },
    forget,
    save: () => {
      setFoundShown(false);
      if (pending.base !== null && !edit.isEmpty(pending.edits))
        saving.mutate({ base: pending.base, edits: pending.edits });
    },
    saving: saving.isPending,
    /** A refusal that is neither frames nor a newer version. */
    failure:
      saving.isError && conflictsIn(saving.error) === null && movedIn(saving.error) === null ? saving.error : null,
    conflicts,
    currentConflicts,
    closeConflicts: () => change((now) => ({ ...now, refused: false })),
    applyOnTop: (moved: Moved) => {
      change((before) => edit.onTopOf(before, moved.version));
      void queries.invalidateQueries({ queryKey: ['schedule'] });
    },
    found: foundShown,
    closeFound: () => setFoundShown(false),
  };
}
