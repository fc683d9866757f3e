import { describe, expect, it } from 'vitest';
import type { Calendar, Visit } from '@/lib/api/model';
import { columnsOf, hoursOf, isWorking, offTime, spanOf, within } from './columns';

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
  it('shows who works, whoever has visits, and visits without a doctor', () => {
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

  it('spans all working time and every visit in whole hours', () => {
    expect(spanOf(columnsOf(CALENDAR, { ...ALL, dates: [MON] }))).toEqual([540, 1440]);
    expect(spanOf([])).toEqual([540, 1080]);
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
