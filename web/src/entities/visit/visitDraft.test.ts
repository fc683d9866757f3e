import { describe, expect, it } from 'vitest';
import type { Service, VisitCard } from '@/lib/api/model';
import { changeOf, draftAt, draftOf, durationOf, endOf, faultsOf, totalOf } from './visitDraft';

const VISIT: VisitCard = {
  id: 'v1',
  number: 7,
  version: 3,
  patient: { id: 'p1', name: 'Ким Анна', phone: '9123456789', card_number: '12' },
  doctor: { id: 'd1', name: 'Орлов Пётр' },
  starts_at: '2026-11-23T23:30:00',
  ends_at: '2026-11-24T00:30:00',
  status: 'planned',
  lines: [
    { service_id: 's1', name: 'Осмотр', price: '1200.50', quantity: 2, discount: null, performers: [], tax_code: '' },
  ],
  room: '',
  comment: '',
  deleted: false,
  first_visit: false,
  total: '2401.00',
  allowed_statuses: ['confirmed'],
  patient_categories: [],
  document: {
    goods: [],
    discount: null,
    amounts: { gross: '2401.00', discount: '0.00', net: '2401.00', lines: [] },
    charged: '0.00',
    materials: null,
    warehouse: null,
    default_warehouse: null,
    written_off: null,
    performers: [],
  },
};
const SERVICES = [{ id: 's1', duration: 20 }] as Service[];

describe('the draft of a visit', () => {
  it('changes nothing of a visit it was just made of', () => {
    expect(changeOf(VISIT, draftOf(VISIT))).toEqual({});
  });

  it('keeps a visit across midnight whole when only the start moves', () => {
    expect(changeOf(VISIT, { ...draftOf(VISIT), start: '22:30' })).toEqual({
      starts_at: '2026-11-23T22:30:00',
      ends_at: '2026-11-23T23:30:00',
    });
  });

  it('tells a removed doctor from an untouched one', () => {
    expect(changeOf(VISIT, { ...draftOf(VISIT), doctorId: null })).toEqual({ doctor_id: null });
  });

  it('sums kopecks exactly and minutes by quantity', () => {
    expect(totalOf(draftOf(VISIT))).toBe('2401');
    expect(durationOf(VISIT.lines, SERVICES)).toBe(40);
  });

  it('names what is missing', () => {
    const draft = { ...draftAt('2026-11-23T09:00:00', 20, null), start: '25:00', duration: null };
    expect(Object.keys(faultsOf(draft, true))).toEqual(['patient', 'doctor', 'start', 'duration']);
    expect(faultsOf(draftOf(VISIT), true)).toEqual({});
    expect(endOf(draft)).toBeNull();
  });
});
