import { describe, expect, it } from 'vitest';
import { foundChoices, sectionChoices, stepped } from './choices';
import { SECTIONS } from './sections';

describe('choices of the search', () => {
  it('lead where the thing is opened', () => {
    const found = { kind: 'patient', group: 'Пациенты', id: '7', title: 'Иванов', detail: 'карта № 7' } as const;
    const page = { type: 'patient', alternatives: [], address: (id: string) => `/patients/${id}` } as const;
    expect(foundChoices([found], new Map([['patient', page]]))).toMatchObject([
      { to: '/patients/7', group: 'Пациенты', title: 'Иванов' },
    ]);
  });

  it('find sections by any part of their titles', () => {
    const all = SECTIONS.flatMap(({ sections }) => sections);
    expect(sectionChoices(all, 'журн').map(({ to }) => to)).toEqual(['/journal']);
    expect(sectionChoices(all, '')).toHaveLength(all.length);
  });

  it('go round the ends', () => {
    expect([stepped(0, -1, 3), stepped(2, 1, 3), stepped(0, 1, 0)]).toEqual([2, 0, 0]);
  });
});
