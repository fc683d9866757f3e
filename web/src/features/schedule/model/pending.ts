/**
 * Edits of the schedule that are not saved yet: what was set, undo and redo, and their copy in the browser's session,
 * so that a refused save, a lost connection or a reload loses nothing.
 *
 * `base` is the version that the person saw when the first edit was made. It goes with the save, also when a newer
 * version was loaded meanwhile: only so does the server tell what others changed.
 */
import type { DayKind } from './dayKinds';
import { normalised, type Hours, type Week } from './hours';
import type { DateKey } from './dates';

/** A day's own hours, or "clear": back to the week. */
export type DayEdit = { readonly kind: DayKind; readonly hours: Hours } | 'clear';

export interface Edits {
  readonly organisation: Week | null;
  /** By employee; null = follow the organisation. */
  readonly weeks: Readonly<Record<string, Week | null>>;
  /** By cell, see `cellKey`. */
  readonly days: Readonly<Record<string, DayEdit>>;
}

export interface Pending {
  readonly base: number | null;
  readonly edits: Edits;
  readonly past: readonly Edits[];
  readonly future: readonly Edits[];
  /** A save of them was refused for conflicts: these are asked for until it goes through. */
  readonly refused: boolean;
}

export interface CellAt {
  readonly employeeId: string;
  readonly date: DateKey;
}

export const NO_EDITS: Edits = { organisation: null, weeks: {}, days: {} };
export const NOTHING_PENDING: Pending = { base: null, edits: NO_EDITS, past: [], future: [], refused: false };

const UNDO_DEPTH = 100;

export function cellKey(cell: CellAt): string {
  return `${cell.employeeId}|${cell.date}`;
}

export function cellOf(key: string): CellAt {
  const [employeeId = '', date = ''] = key.split('|');
  return { employeeId, date };
}

/** How many separate things «Сохранить» would change: the organisation, weeks, cells. */
export function countOf(edits: Edits): number {
  return (edits.organisation ? 1 : 0) + Object.keys(edits.weeks).length + Object.keys(edits.days).length;
}

export function isEmpty(edits: Edits): boolean {
  return countOf(edits) === 0;
}

function step(pending: Pending, version: number, edits: Edits): Pending {
  return {
    base: pending.base ?? version,
    edits,
    past: [...pending.past, pending.edits].slice(-UNDO_DEPTH),
    future: [],
    refused: pending.refused,
  };
}

/** Sets cells in one step. `edits` null for a cell that by this returns to what is saved. */
export function setDays(
  pending: Pending,
  version: number,
  cells: readonly (readonly [CellAt, DayEdit | null])[],
): Pending {
  if (cells.length === 0) return pending;
  const days: Record<string, DayEdit> = { ...pending.edits.days };
  for (const [cell, edit] of cells) {
    const key = cellKey(cell);
    if (edit === null) Reflect.deleteProperty(days, key);
    else days[key] = edit === 'clear' ? edit : { kind: edit.kind, hours: normalised(edit.hours) };
  }
  return step(pending, version, { ...pending.edits, days });
}

/** Sets one employee's week; undefined = back to what is saved. */
export function setWeek(pending: Pending, version: number, employeeId: string, week: Week | null | undefined): Pending {
  const weeks: Record<string, Week | null> = { ...pending.edits.weeks };
  if (week === undefined) Reflect.deleteProperty(weeks, employeeId);
  else weeks[employeeId] = week?.map(normalised) ?? null;
  return step(pending, version, { ...pending.edits, weeks });
}

/** Sets the organisation's week; null = back to what is saved. */
export function setOrganisation(pending: Pending, version: number, week: Week | null): Pending {
  return step(pending, version, { ...pending.edits, organisation: week?.map(normalised) ?? null });
}

export function undo(pending: Pending): Pending {
  const edits = pending.past.at(-1);
  if (!edits) return pending;
  const future = [pending.edits, ...pending.future];
  return { ...pending, edits, past: pending.past.slice(0, -1), future };
}

export function redo(pending: Pending): Pending {
  const [edits, ...future] = pending.future;
  if (!edits) return pending;
  return { ...pending, edits, past: [...pending.past, pending.edits], future };
}

/** The same edits, now meant for a newer version that the person has seen. */
export function onTopOf(pending: Pending, version: number): Pending {
  return { ...pending, base: version };
}

/** Body of POST /schedule/changes. */
export function changesOf(edits: Edits): ChangesBody {
  return {
    organisation: edits.organisation ? plainWeek(edits.organisation) : null,
    weeks: Object.entries(edits.weeks).map(([employee_id, week]) => ({
      employee_id,
      week: week ? plainWeek(week) : null,
    })),
    days: Object.entries(edits.days).map(([key, edit]) => {
      const { employeeId, date } = cellOf(key);
      return edit === 'clear'
        ? { employee_id: employeeId, date, clear: true as const }
        : { employee_id: employeeId, date, kind: edit.kind, intervals: plainHours(edit.hours) };
    }),
  };
}

export interface ChangesBody {
  organisation: [string, string][][] | null;
  weeks: { employee_id: string; week: [string, string][][] | null }[];
  days: (
    | { employee_id: string; date: DateKey; clear: true }
    | { employee_id: string; date: DateKey; kind: DayKind; intervals: [string, string][] }
  )[];
}

function plainHours(hours: Hours): [string, string][] {
  return hours.map(([from, to]) => [from, to]);
}

function plainWeek(week: Week): [string, string][][] {
  return week.map(plainHours);
}

/** Writes to the session's storage; a browser that refuses storage costs only the safety net. */
export function store(storage: Storage, key: string, pending: Pending): void {
  try {
    if (isEmpty(pending.edits)) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify({ base: pending.base, edits: pending.edits, refused: pending.refused }));
  } catch {
    // full or forbidden storage: the edits stay in memory
  }
}

/** Forgets these edits, once saved, where they are what is stored: the page may have been left before the answer. */
export function dropStored(storage: Storage, key: string, sent: Edits): void {
  if (JSON.stringify(restored(storage, key).edits) === JSON.stringify(sent)) store(storage, key, NOTHING_PENDING);
}

export function restored(storage: Storage, key: string): Pending {
  try {
    const text = storage.getItem(key);
    if (text === null) return NOTHING_PENDING;
    const { base, edits, refused } = JSON.parse(text) as { base: number | null; edits: Edits; refused?: boolean };
    if (typeof base !== 'number' || typeof edits.weeks !== 'object' || typeof edits.days !== 'object')
      return NOTHING_PENDING;
    return { base, edits, past: [NO_EDITS], future: [], refused: refused === true };
  } catch {
    return NOTHING_PENDING;
  }
}
