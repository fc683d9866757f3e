import { describe, expect, it } from 'vitest';
import { cellsOf, neededEdit, neededWeek, organisationCells, type Saved, type ScheduleRow } from './cells';
import type { Hours, Week } from './hours';
import {
  changesOf,
  countOf,
  NOTHING_PENDING,
  onTopOf,
  redo,
  dropStored,
  restored,
  setDays,
  setOrganisation,
  setWeek,
  store,
  undo,
} from './pending';

const WORK: Hours = [['09:00', '21:00']];
const SHORT: Hours = [['10:00', '14:00']];
const WEEK: Week = Array<Hours>(7).fill(WORK);
const ANNA: ScheduleRow = {
  id: 'anna',
  name: 'Анна',
  position: '',
  week: null,
  days: [
    { date: '2026-11-23', intervals: WORK, kind: 'work', own: false },
    { date: '2026-11-24', intervals: [], kind: 'vacation', own: true },
  ],
};
const SAVED: Saved = { version: 7, organisation: WEEK, employees: [ANNA] };
const MONDAY = { employeeId: 'anna', date: '2026-11-23' };
const TUESDAY = { employeeId: 'anna', date: '2026-11-24' };

class MemoryStorage implements Storage {
  private readonly items = new Map<string, string>();
  get length(): number {
    return this.items.size;
  }
  clear(): void {
    this.items.clear();
  }
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  key(): string | null {
    return null;
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

describe('pending edits', () => {
  const off = { kind: 'off', hours: [] } as const;

  it('keep the version that was seen at the first edit', () => {
    const first = setDays(NOTHING_PENDING, 7, [[MONDAY, off]]);
    const second = setDays(first, 9, [[TUESDAY, 'clear']]);
    expect(second.base).toBe(7);
    expect(onTopOf(second, 9).base).toBe(9);
  });

  it('count cells, weeks and the organisation, and go back step by step', () => {
    let pending = setDays(NOTHING_PENDING, 7, [
      [MONDAY, off],
      [TUESDAY, off],
    ]);
    pending = setWeek(pending, 7, 'anna', WEEK);
    pending = setOrganisation(pending, 7, [SHORT, ...WEEK.slice(1)]);
    expect(countOf(pending.edits)).toBe(4);
    pending = undo(pending);
    expect(countOf(pending.edits)).toBe(3);
    pending = undo(undo(pending));
    expect(countOf(pending.edits)).toBe(0);
    expect(countOf(redo(pending).edits)).toBe(2);
    expect(undo(NOTHING_PENDING)).toBe(NOTHING_PENDING);
  });

  it('survive a reload, and are forgotten once nothing is left', () => {
    const storage = new MemoryStorage();
    const pending = setWeek(setDays(NOTHING_PENDING, 7, [[MONDAY, off]]), 7, 'anna', null);
    store(storage, 'key', pending);
    const back = restored(storage, 'key');
    expect(back.edits).toEqual(pending.edits);
    expect(back.base).toBe(7);
    store(storage, 'key', undo(back));
    expect(restored(storage, 'key')).toEqual(NOTHING_PENDING);
    storage.setItem('key', '{broken');
    expect(restored(storage, 'key')).toEqual(NOTHING_PENDING);
  });

  it('are forgotten by a save that is answered after the page was left, unless others were made since', () => {
    const storage = new MemoryStorage();
    const sent = setDays(NOTHING_PENDING, 7, [[MONDAY, off]]);
    const later = setDays(sent, 7, [[TUESDAY, off]]);
    store(storage, 'key', later);
    dropStored(storage, 'key', sent.edits);
    expect(restored(storage, 'key').edits).toEqual(later.edits);
    dropStored(storage, 'key', later.edits);
    expect(restored(storage, 'key')).toEqual(NOTHING_PENDING);
  });

  it('become one body of changes', () => {
    let pending = setDays(NOTHING_PENDING, 7, [
      [
        MONDAY,
        {
          kind: 'work',
          hours: [
            ['14:00', '18:00'],
            ['10:00', '14:00'],
          ],
        },
      ],
      [TUESDAY, 'clear'],
    ]);
    pending = setWeek(pending, 7, 'anna', null);
    expect(changesOf(pending.edits)).toEqual({
      organisation: null,
      weeks: [{ employee_id: 'anna', week: null }],
      days: [
        { employee_id: 'anna', date: '2026-11-23', kind: 'work', intervals: [['10:00', '18:00']] },
        { employee_id: 'anna', date: '2026-11-24', clear: true },
      ],
    });
  });
});

describe('cells', () => {
  it('show the saved schedule where nothing is pending', () => {
    expect(cellsOf(ANNA, SAVED, NOTHING_PENDING.edits).map((cell) => [cell.kind, cell.own, cell.pending])).toEqual([
      ['work', false, false],
      ['vacation', true, false],
    ]);
  });

  it('follow a pending week but for days of their own', () => {
    const pending = setWeek(NOTHING_PENDING, 7, 'anna', Array<Hours>(7).fill(SHORT));
    const cells = cellsOf(ANNA, SAVED, pending.edits);
    expect(cells[0]).toEqual({ date: '2026-11-23', kind: 'work', hours: SHORT, own: false, pending: true });
    expect(cells[1]?.kind).toBe('vacation');
  });

  it('of somebody who follows the organisation change with it', () => {
    const pending = setOrganisation(NOTHING_PENDING, 7, [[], ...WEEK.slice(1)]);
    expect(cellsOf(ANNA, SAVED, pending.edits)[0]).toMatchObject({ kind: 'off', hours: [], pending: true });
    expect(organisationCells(['2026-11-23', '2026-11-24'], SAVED, pending.edits).map((cell) => cell.pending)).toEqual([
      true,
      false,
    ]);
  });

  it('cleared go back to the week', () => {
    const pending = setDays(NOTHING_PENDING, 7, [[TUESDAY, 'clear']]);
    expect(cellsOf(ANNA, SAVED, pending.edits)[1]).toEqual({
      date: '2026-11-24',
      kind: 'work',
      hours: WORK,
      own: false,
      pending: true,
    });
  });
});

describe('an edit that says what is saved already', () => {
  it('is not kept', () => {
    expect(neededEdit('clear', MONDAY, SAVED)).toBeNull();
    expect(neededEdit('clear', TUESDAY, SAVED)).toBe('clear');
    expect(neededEdit({ kind: 'vacation', hours: [] }, TUESDAY, SAVED)).toBeNull();
    const own = { kind: 'work', hours: WORK } as const;
    expect(neededEdit(own, MONDAY, SAVED)).toEqual(own);
    expect(neededWeek(null, ANNA)).toBeUndefined();
    expect(neededWeek(WEEK, ANNA)).toBe(WEEK);
  });
});
