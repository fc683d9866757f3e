import { describe, expect, it } from 'vitest';
import { differing, refines } from './registry';

const IVANOV = { family_name: 'Иванов', given_name: 'Пётр', patronymic: 'Сергеевич' };

describe('a card that the registry has accepted', () => {
  it.each([
    ['1999', '1999-01', true],
    ['1999', '1999-01-15', true],
    ['--01-15', '1999-01-15', true],
    ['', '1999', true],
    ['1999-01', '1999-02-15', false],
    ['1999-01-15', '1999-01', false],
    ['1999', '--01-15', false],
    ['1999', '', false],
  ])('%s may become %s: %s', (accepted, date, may) => {
    expect(refines(accepted, date)).toBe(may);
  });

  it('counts each part of the name that differs, one that went too', () => {
    const registry = { name: IVANOV, birth_date: '' };
    expect(differing(registry, { ...IVANOV, given_name: ' Пётр ' })).toEqual([]);
    expect(differing(registry, { ...IVANOV, family_name: 'Петров', patronymic: '' })).toEqual([
      'family_name',
      'patronymic',
    ]);
  });
});
