import { describe, expect, it } from 'vitest';
import type { Calendar, Visit } from '@/lib/api/model';
import {
  clinicHoursOf,
  type Column,
  columnsOf,
  hoursOf,
  isWorking,
  openingOf,
  offTime,
  spanOf,
  within,
} from './columns';

const MON = '2026-11-23';
const TUE = '2026-11-24';

function visit(id: string, doctor: string | null, starts_at: string, ends_at: string): Visit {
  return {
    id,
    number: 1,
    version: 1,
    patient: { id: 'p', name: 'Ким Анна', phone: '', card_number: '1' },
    doctor: doctor === null ? null : { id: doctor, name: doctor },
    starts_at,
    ends_at,
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

const CALENDAR: Calendar = {
  days: [MON, TUE],
  clinic_hours: [
    { date: MON, intervals: [['10:00', '18:00']] },
    { date: TUE, intervals: [] },
  ],
  doctors: [
    {
      id: 'orlov',
      name: 'Орлов',
      position: 'Терапевт',
      color: '',
      photo: null,
      deleted: false,
      days: [{ date: MON, intervals: [['09:00', '15:00']] }],
    },
    {
      id: 'gone',
      name: 'Уволен',
      position: 'Хирург',
      color: '',
      photo: null,
      deleted: true,
      days: [{ date: TUE, intervals: [] }],
    },
  ],
  visits: [
    visit('night', 'orlov', '2026-11-23T23:30:00', '2026-11-24T00:30:00'),
    visit('open', null, '2026-11-24T07:10:00', '2026-11-24T07:40:00'),
  ],
  settings: { step: 20, patients_at_once: 'one', visit_without_doctor: false },
};
const ALL = { dates: [MON, TUE], doctors: null, everyDate: false, withoutDoctor: false };

describe('columns of the calendar', () => {
  it('shows who works, others who have visits, and visits without a doctor', () => {
    expect(columnsOf(CALENDAR, ALL).map(({ key }) => key)).toEqual([`orlov ${MON}`, `orlov ${TUE}`, `none ${TUE}`]);
  });

  it('shows each day of a chosen doctor, working or not, and nobody else', () => {
    const columns = columnsOf(CALENDAR, { ...ALL, doctors: new Set(['gone']), everyDate: true });
    expect(columns.map(({ key, hours }) => [key, hours.length])).toEqual([
      [`gone ${MON}`, 0],
      [`gone ${TUE}`, 0],
    ]);
  });

  it('cuts a visit at midnight and shows it on both days', () => {
    const night = CALENDAR.visits[0];
    if (night === undefined) throw new Error('the visit is there');
    expect([within(MON, night), within(TUE, night), within('2026-11-25', night)]).toEqual([
      [1410, 1440],
      [0, 30],
      null,
    ]);
  });

  it('spans the clinic’s hours, all working time and every visit in whole hours', () => {
    const monday = clinicHoursOf(CALENDAR, [MON]);
    expect(monday).toEqual([600, 1080]);
    expect(spanOf([], monday)).toEqual([600, 1080]);
    expect(spanOf(columnsOf(CALENDAR, { ...ALL, dates: [MON] }), monday)).toEqual([540, 1440]);
  });

  it('doesn’t shrink a day on which nobody works to the hour of its one visit', () => {
    const closed = clinicHoursOf(CALENDAR, [TUE]);
    expect(closed).toEqual([540, 1080]);
    const walkIn = { ...CALENDAR, doctors: [], visits: [visit('walk-in', null, `${TUE}T14:10:00`, `${TUE}T14:40:00`)] };
    expect(spanOf(columnsOf(walkIn, { ...ALL, dates: [TUE] }), closed)).toEqual([540, 1080]);
  });

  it('opens at the clinic’s opening, widened by its doctors and an early visit, whatever the night does', () => {
    const [column] = columnsOf({ ...CALENDAR, visits: [] }, { ...ALL, dates: [MON] });
    if (column === undefined) throw new Error('somebody works');
    const day = (id: string, ...intervals: [string, string][]): Column => ({
      ...column,
      key: id,
      doctorId: id,
      hours: hoursOf(intervals),
    });
    const night = day('night', ['00:00', '08:00'], ['20:00', '24:00']);
    const people = [night, day('a', ['09:00', '15:00']), day('b', ['09:00', '15:00'])];
    const open = [600, 1080] as const;
    expect(openingOf(people, open)).toBe(540);
    expect(openingOf([night], open)).toBe(600);
    expect(openingOf(people, [0, 1440])).toBe(540);
    const at = (clock: string) => [
      { ...night, visits: [visit('v', 'night', `${MON}T${clock}:00`, `${MON}T23:00:00`)] },
    ];
    expect(openingOf(at('08:20'), open)).toBe(480);
    expect(openingOf(at('02:00'), open)).toBe(600);
    expect(openingOf(at('12:00'), open)).toBe(600);
    expect(openingOf([], [0, 1440])).toBe(540);
  });

  it('takes what is outside of the intervals for time off', () => {
    const hours = hoursOf([
      ['15:00', '24:00'],
      ['09:00', '13:00'],
    ]);
    expect(offTime(hours, 480, 1440)).toEqual([
      [480, 540],
      [780, 900],
    ]);
    expect([isWorking(hours, 540, 780), isWorking(hours, 760, 800)]).toEqual([true, false]);
  });
});
