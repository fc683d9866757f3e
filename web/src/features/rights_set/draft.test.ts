import { describe, expect, it } from 'vitest';
import type { Right } from '@/lib/api/model';
import type { TreeNode } from '@/entities/rights_set/queries';
import { changeOf, labelled, NEW_DRAFT, pages, ticked } from './draft';

function leaf(label: string, right: Right, more: Partial<TreeNode> = {}): TreeNode {
  return { label, right, has_page: true, escalates: false, beyond_own_schedule: false, children: [], ...more };
}

const TREE: TreeNode[] = [
  leaf('Расписание', 'calendar'),
  {
    ...leaf('Продажи', 'calendar', { has_page: false }),
    right: null,
    children: [leaf('Пациенты', 'patients'), leaf('Визиты', 'visits')],
  },
  leaf('Сотрудники', 'employees', { escalates: true, beyond_own_schedule: true }),
  leaf('Информация о пациенте', 'patient_info', { has_page: false }),
];

describe('a set of rights in the form', () => {
  it('starts on a page that it opens', () => {
    const wider = ticked(NEW_DRAFT, TREE, ['patients', 'visits'], true);
    expect(wider.start_page).toBe('calendar');
    expect(ticked(wider, TREE, ['calendar'], false).start_page).toBe('patients');
    expect(ticked(NEW_DRAFT, TREE, ['calendar'], false).start_page).toBe('');
  });

  it('offers the pages that it opens, with their sections', () => {
    const wider = ticked(NEW_DRAFT, TREE, ['visits'], true);
    expect(pages(TREE, wider.rights).map(({ label }) => label)).toEqual(['Расписание', 'Продажи – Визиты']);
  });

  it('names the rights by which people change their own', () => {
    expect(labelled(TREE, NEW_DRAFT.rights, 'escalates')).toEqual([]);
    expect(labelled(TREE, ticked(NEW_DRAFT, TREE, ['employees'], true).rights, 'escalates')).toEqual(['«Сотрудники»']);
  });

  it('sends of a change no more than was changed', () => {
    const there = ticked(NEW_DRAFT, TREE, ['visits'], true);
    expect(changeOf(there, { rights: there.rights })).toEqual({ rights: ['calendar', 'patient_info', 'visits'] });
  });
});
