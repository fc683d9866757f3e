import { describe, expect, it } from 'vitest';
import { draftFromSearch, EMPTY_PATIENT, faultsOf, likenessOf, toNewPatient } from './newPatient';

const TODAY = '2026-11-29';

describe('a patient created on the spot', () => {
  it('takes a name in its usual order from the search', () => {
    expect(draftFromSearch(' иванова мария  петровна ', TODAY)).toEqual({
      ...EMPTY_PATIENT,
      family_name: 'Иванова',
      given_name: 'Мария',
      patronymic: 'Петровна',
    });
  });

  it('takes digits as a phone', () => {
    expect(draftFromSearch('8 912 345', TODAY).phone).toBe('8 912 345');
    expect(draftFromSearch('(912) 345-67-89', TODAY).phone).toBe('+7 912 345-67-89');
  });

  it.each(['8 912 345―67‑89', '8 912 345–67–89', '8.912.345.67.89', '8~912~345/67/89'])(
    'takes %s as a phone beside a name',
    (phone) => {
      const found = draftFromSearch(`Вели Гасан огли Алиев ${phone}`, TODAY);
      expect(found).toMatchObject({ family_name: 'Алиев', given_name: 'Вели', patronymic: 'Гасан огли' });
      expect(found.phone).toBe('+7 912 345-67-89');
    },
  );

  it('takes phone and birth date from beside the name', () => {
    const kim = { ...EMPTY_PATIENT, family_name: 'Ким', given_name: 'Анна' };
    expect(draftFromSearch('ким анна 8 912 345-67-89', TODAY)).toEqual({ ...kim, phone: '+7 912 345-67-89' });
    expect(draftFromSearch('9123456789 ким анна 15.01.1999', TODAY)).toEqual({
      ...kim,
      phone: '+7 912 345-67-89',
      birth: '1999-01-15',
    });
  });

  it('needs at least one part of the name', () => {
    expect(faultsOf(EMPTY_PATIENT)).toHaveProperty('family_name');
    expect(faultsOf({ ...EMPTY_PATIENT, given_name: 'Мария' })).toEqual({});
  });

  it('names a wrong phone and a wrong birth date', () => {
    const faults = faultsOf({ ...EMPTY_PATIENT, family_name: 'Ким', phone: '123', birth: '31.02.1999' });
    expect(Object.keys(faults)).toEqual(['phone', 'birth']);
  });

  it('looks for duplicates by a whole phone, or by name with birth date', () => {
    const kim = { ...EMPTY_PATIENT, family_name: 'Ким' };
    expect(likenessOf({ ...kim, phone: '912' })).toBeNull();
    expect(likenessOf({ ...EMPTY_PATIENT, birth: '1999' })).toBeNull();
    expect(likenessOf({ ...kim, phone: '8 912 345-67-89' })).toMatchObject({ phone: '8 912 345-67-89' });
    expect(likenessOf({ ...kim, birth: '--01-15' })).toMatchObject({ family_name: 'Ким', birth_date: '--01-15' });
  });

  it('sends a partial birth date in stored form', () => {
    expect(toNewPatient({ ...EMPTY_PATIENT, family_name: 'Ким', birth: '1999-01' }).birth_date).toBe('1999-01');
  });
});
