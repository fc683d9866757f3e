import { describe, expect, it } from 'vitest';
import { losesSight, narrows } from './grants';
import type { Me } from './model';

const ME: Me = {
  user_id: 'u',
  employee_id: 'e',
  name: 'Орлова Марина',
  email: 'orlova@example.org',
  rights: ['calendar', 'visits'],
  rights_set: { id: 's', name: 'Врач' },
  start_page: 'calendar',
  own_schedule_only: false,
  own_patients_only: false,
  clinic: {
    name: 'Берег',
    region: 'Томская область',
    zone: 'Asia/Tomsk',
    calendar_step: 20,
    show_deleted: true,
    create_services: true,
    create_goods: true,
    certificates: false,
    now: '2026-11-29T12:00:00',
  },
};

describe('what the user may see', () => {
  it('isn’t less with more rights, another name of the set, or as time goes by', () => {
    expect(narrows(ME, { ...ME, rights: ['journal', 'visits', 'calendar'] })).toBe(false);
    expect(narrows(ME, { ...ME, rights_set: { id: 'other', name: 'Врач-2' }, start_page: 'visits' })).toBe(false);
    expect(narrows(ME, { ...ME, clinic: { ...ME.clinic, now: '2026-11-29T12:00:01', calendar_step: 15 } })).toBe(false);
  });

  it('may be less with a right gone, an option changed, or another person', () => {
    expect(narrows(ME, { ...ME, rights: ['calendar', 'journal'] })).toBe(true);
    expect(narrows(ME, { ...ME, own_schedule_only: true })).toBe(true);
    expect(narrows(ME, { ...ME, clinic: { ...ME.clinic, show_deleted: false } })).toBe(true);
    expect(narrows(ME, { ...ME, user_id: 'x' })).toBe(true);
    expect(narrows(ME, { ...ME, employee_id: 'x' })).toBe(true);
    expect(narrows(ME, { ...ME, own_patients_only: true })).toBe(true);
    expect(narrows(ME, { ...ME, yet_to_come: true } as Me)).toBe(true);
  });

  it('leaves notices and recent choices alone where only the clinic’s options changed', () => {
    expect(losesSight(ME, { ...ME, clinic: { ...ME.clinic, show_deleted: false } })).toBe(false);
    expect(losesSight(ME, { ...ME, own_schedule_only: true })).toBe(true);
    expect(losesSight(ME, { ...ME, rights: ['calendar'], clinic: { ...ME.clinic, show_deleted: false } })).toBe(true);
  });
});
