import { describe, expect, it } from 'vitest';
import type { Visit } from '@/lib/api/model';
import type { Column } from './columns';
import { hindrance } from './ghost';

const DAY = '2026-11-23';

function visit(id: string, start: string, end: string, status: Visit['status'] = 'planned'): Visit {
  const times = { starts_at: `${DAY}T${start}:00`, ends_at: `${DAY}T${end}:00` };
  return { id, status, ...times } as Visit;
}

const BUSY = visit('busy', '10:00', '11:00');
const COLUMN = {
  key: 'orlov',
  date: DAY,
  doctorId: 'orlov',
  hours: [[540, 900]],
  visits: [BUSY, visit('gone', '12:00', '13:00', 'cancelled'), visit('missed', '13:00', '14:00', 'no_show')],
} as unknown as Column;
const dragged = (from: number, to: number, what: Visit | null = visit('held', '09:00', '09:30')) =>
  ({ kind: 'move', column: 0, from, to, visit: what }) as const;

describe('what stands in the way of what is held', () => {
  it('is time without reception, also in part', () => {
    expect(hindrance(dragged(880, 920), COLUMN, true)).toBe('приёма нет');
    expect(hindrance(dragged(500, 560), COLUMN, false)).toBe('приёма нет');
    expect(hindrance(dragged(540, 600), COLUMN, true)).toBeNull();
  });

  it('is another live visit where a doctor sees one at a time; touching ones are none', () => {
    expect(hindrance(dragged(590, 610), COLUMN, true)).toBe('занято');
    expect(hindrance(dragged(640, 680, null), COLUMN, true)).toBe('занято');
    expect(hindrance(dragged(590, 610), COLUMN, false)).toBeNull();
    expect(hindrance(dragged(570, 600), COLUMN, true)).toBeNull();
    expect(hindrance(dragged(620, 650, BUSY), COLUMN, true)).toBeNull();
    expect(hindrance(dragged(590, 610), { ...COLUMN, doctorId: null }, true)).toBeNull();
  });

  it('is no visit that was cancelled or missed, nor is one in its own way', () => {
    expect(hindrance(dragged(720, 840), COLUMN, true)).toBeNull();
    expect(hindrance(dragged(600, 660, visit('off', '09:00', '10:00', 'cancelled')), COLUMN, true)).toBeNull();
  });
});
