import { describe, expect, it } from 'vitest';
import type { PastSchedule } from '../queries';
import { thenRows } from './thenRows';

const WORK = { kind: 'work' as const, intervals: [['09:00', '21:00']] as [string, string][], own: false };
const OFF = { kind: 'off' as const, intervals: [] as [string, string][], own: false };
const WEEK = Array.from({ length: 7 }, () => [['09:00', '21:00']] as [string, string][]);
const VISIT = {
  id: 'v',
  number: 1,
  starts_at: '2026-11-24T10:00:00',
  ends_at: '2026-11-24T11:00:00',
  patient: { id: 'p', name: 'Пётр' },
  phone: '',
  doctor: { id: 'anna', name: 'Анна' },
};

function employee(id: string, more: Partial<PastSchedule['employees'][number]>): PastSchedule['employees'][number] {
  const days = [
    { date: '2026-11-23', then: WORK, now: WORK, changed: false, conflict: false, visits: [] },
    { date: '2026-11-24', then: OFF, now: WORK, changed: true, conflict: true, visits: [VISIT] },
  ];
  return { id, name: id, position: 'врач', deleted_now: false, not_in_version: false, days, ...more };
}

const THEN: PastSchedule = {
  version: 3,
  moment: '2026-11-14T07:32:00Z',
  author: null,
  current_version: 9,
  organisation: { then: WEEK, now: WEEK },
  employees: [
    employee('anna', {}),
    employee('boris', { deleted_now: true }),
    employee('vera', { not_in_version: true, days: [] }),
  ],
  restorable: false,
  changes: { organisation_changed: false, weeks_changed: 0, days_changed: 1 },
  blockers: { employees: [], conflicts: [] },
};
const DATES = ['2026-11-23', '2026-11-24'];

describe('the version window', () => {
  it('shows then and now of a changed cell, and frames the one with conflicting visits', () => {
    const [, anna] = thenRows(THEN, DATES, false);
    expect(anna?.cells.map((cell) => [cell.tone, cell.other?.tone, cell.frame])).toEqual([
      ['work', undefined, false],
      ['off', 'work', true],
    ]);
    expect(anna?.cells[1]?.label).toBe(
      'в этой версии выходная смена, сейчас рабочая смена 09:00–21:00; мешают визиты: 1',
    );
  });

  it('strikes through who is deleted now and greys who was not there yet', () => {
    const [, , boris, vera] = thenRows(THEN, DATES, false);
    expect([boris?.struck, boris?.note]).toEqual([true, 'сейчас удалён']);
    expect([vera?.grey, vera?.note]).toEqual([true, 'нет в этой версии']);
  });

  it('leaves out what is alike when only differences are asked for', () => {
    const rows = thenRows(THEN, DATES, true);
    expect(rows.map((row) => row.id)).toEqual(['organisation', 'anna', 'boris']);
    expect(rows[1]?.cells.map((cell) => cell.blank)).toEqual([true, false]);
  });
});
