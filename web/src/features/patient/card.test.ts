import { describe, expect, it } from 'vitest';
import { Problem } from '@/lib/api/problem';
import { faultsOf, faultsOfRefusal, toChange } from './card';

const KIM = { family_name: 'Ким', given_name: '', patronymic: '' };

describe("a patient's card in the form", () => {
  it('names the field of what can not be', () => {
    expect(Object.keys(faultsOf({ snils: '112', city: 'Тверь' }, KIM, null))).toEqual(['snils']);
    expect(faultsOf({ phone: '' }, { ...KIM, family_name: ' ' }, null)).toHaveProperty('family_name');
  });

  it('says before saving what the registry would refuse', () => {
    const registry = { name: { ...KIM, given_name: 'Анна' }, birth_date: '1999' };
    const name = { ...KIM, family_name: 'Пак' };
    expect(Object.keys(faultsOf({ family_name: 'Пак', given_name: '', birth_date: '2000' }, name, registry))).toEqual([
      'birth_date',
      'family_name',
      'given_name',
    ]);
    expect(faultsOf({ birth_date: '1999-01-15' }, registry.name, registry)).toEqual({});
    expect(faultsOf({ family_name: 'Пак' }, { ...registry.name, family_name: 'Пак' }, registry)).toEqual({});
  });

  it('sends texts trimmed', () => {
    expect(toChange({ birth_date: '1999-01', passport_issued_on: '2019-03-01', city: ' Тверь ' })).toEqual({
      birth_date: '1999-01',
      passport_issued_on: '2019-03-01',
      city: 'Тверь',
    });
  });

  it('sends no source as nothing, and categories one by one', () => {
    expect(toChange({ source_id: '', categories: 'b a' })).toEqual({ source_id: null, categories: ['b', 'a'] });
    expect(toChange({ source_id: 'c', categories: '' })).toEqual({ source_id: 'c', categories: [] });
  });

  it('shows a refusal at its field, and elsewhere where it names none', () => {
    expect(
      faultsOfRefusal(new Problem(409, 'wrong_value', 'Не сходится.', { field: 'snils', reason: 'Не сходится.' })),
    ).toEqual({
      snils: 'Не сходится.',
    });
    expect(faultsOfRefusal(new Problem(409, 'patient_deleted', 'Карта удалена.', {}))).toBeNull();
  });
});
