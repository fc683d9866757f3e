import { describe, expect, it } from 'vitest';
import type { Visit } from '@/lib/api/model';
import type { Column } from './columns';
import { geometryOf } from './geometry';
import type { Ghost } from './ghost';
import { neighbour, shifted } from './gridKeys';

const DATE = '2026-11-23';

function visit(number: number, clock: string): Visit {
  return {
    id: `v${number}`,
    number,
    version: 1,
    patient: { id: 'p', name: 'Ким Анна', phone: '', card_number: '1' },
    doctor: null,
    starts_at: `${DATE}T${clock}:00`,
    ends_at: `${DATE}T${clock}:00`,
    status: 'planned',
    lines: [],
    room: '',
    comment: '',
    deleted: false,
    first_visit: false,
    total: '0.00',
    allowed_statuses: [],
  };
}

function column(name: string, ...visits: Visit[]): Column {
  return {
    key: name,
    date: DATE,
    doctorId: name,
    name,
    position: '',
    color: '',
    photo: null,
    deleted: false,
    hours: [],
    visits,
  };
}

const [NINE, TEN, NOON] = [visit(1, '09:00'), visit(2, '10:00'), visit(3, '12:00')];
const COLUMNS = [column('one', TEN, NINE), column('empty'), column('three', NOON)];
const GRID = geometryOf(540, 1080, 20);
const GHOST: Ghost = { kind: 'move', column: 0, from: 600, to: 640, visit: TEN };

describe('arrows', () => {
  it('go through a column in the order of time and stop at its ends', () => {
    expect(neighbour(COLUMNS, 0, NINE, 'down')).toEqual({ column: 0, visit: TEN });
    expect(neighbour(COLUMNS, 0, NINE, 'up')).toBeNull();
  });

  it('go to the nearest time of the next column that has visits', () => {
    expect(neighbour(COLUMNS, 0, TEN, 'right')).toEqual({ column: 2, visit: NOON });
    expect(neighbour(COLUMNS, 2, NOON, 'left')).toEqual({ column: 0, visit: TEN });
    expect(neighbour(COLUMNS, 2, NOON, 'right')).toBeNull();
  });
});

describe('Alt and arrows', () => {
  it('carry a visit by a line of time or a column', () => {
    expect(shifted(GHOST, 'down', false, COLUMNS, GRID)).toMatchObject({ from: 620, to: 660 });
    expect(shifted(GHOST, 'left', false, COLUMNS, GRID)).toMatchObject({ column: 0 });
    expect(shifted(GHOST, 'right', false, COLUMNS, GRID)).toMatchObject({ column: 1, from: 600 });
  });

  it('change the length with Shift, never to nothing', () => {
    expect(shifted(GHOST, 'down', true, COLUMNS, GRID)).toMatchObject({ from: 600, to: 660 });
    const shortest = [1, 2, 3].reduce((ghost) => shifted(ghost, 'up', true, COLUMNS, GRID), GHOST);
    expect(shortest).toMatchObject({ from: 600, to: 605 });
  });
});
