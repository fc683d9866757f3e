import { describe, expect, it } from 'vitest';
import { conflictsIn } from '@/entities/visit/conflicts';
import { Problem } from '@/lib/api/problem';
import { NO_EDITS } from './pending';
import { collides, movedIn } from './refusals';

const ANNA = { id: 'anna', name: 'Анна' };

describe('a save that was refused', () => {
  it('because of conflicts names them by cell', () => {
    const visit = {
      id: 'v1',
      number: 12,
      starts_at: '2026-11-24T10:00:00',
      ends_at: '2026-11-24T10:40:00',
      patient: { id: 'p', name: 'Пётр' },
      phone: '+79161234567',
      doctor: ANNA,
    };
    const problem = new Problem(409, 'conflicting_visits', '', {
      conflicts: [{ employee: ANNA, date: '2026-11-24', visits: [visit] }],
    });
    expect(conflictsIn(problem)).toEqual([
      {
        employeeId: 'anna',
        employee: 'Анна',
        date: '2026-11-24',
        visits: [{ ...visit, patient: 'Пётр', doctor: 'Анна', services: [] }],
      },
    ]);
    expect(conflictsIn(new Problem(409, 'slot_taken', ''))).toBeNull();
  });

  it('because the schedule moved tells what others changed, and where that meets own edits', () => {
    const problem = new Problem(412, 'schedule_moved', '', {
      version: 9,
      changes: {
        organisation: null,
        weeks: [{ employee: ANNA, old: null, new: Array(7).fill([['09:00', '21:00']]) }],
        days: [
          { employee: ANNA, date: '2026-11-24', old: null, new: { kind: 'off', intervals: [] } },
          { employee: ANNA, date: '2026-11-25', old: null, new: { kind: 'sick', intervals: [] } },
        ],
      },
      added: [{ id: 'boris', name: 'Борис' }],
      versions: [{ version: 9, moment: '2026-11-23T07:00:00Z', author: { id: 'u', name: 'Вера' } }],
    });
    const moved = movedIn(problem);
    expect(moved?.version).toBe(9);
    expect(moved?.changes.map(({ key }) => key)).toEqual(['anna', 'anna|2026-11-24', 'anna|2026-11-25']);
    expect(moved?.staff).toEqual(['Борис: теперь в графике']);
    expect(moved?.authors).toEqual([{ moment: '2026-11-23T07:00:00Z', author: 'Вера' }]);
    const edits = { ...NO_EDITS, days: { 'anna|2026-11-24': 'clear' as const } };
    expect(moved?.changes.map((change) => collides(change, edits))).toEqual([false, true, false]);
    expect(movedIn(new Problem(409, 'conflicting_visits', ''))).toBeNull();
  });

  it('with facts of another shape shows nothing instead of breaking', () => {
    expect(movedIn(new Problem(412, 'schedule_moved', '', {}))).toEqual({
      version: 0,
      changes: [],
      staff: [],
      authors: [],
    });
    expect(conflictsIn(new Problem(409, 'conflicting_visits', '', { conflicts: [null] }))).toHaveLength(1);
  });
});
