import type { NewPatient } from '@/lib/api/model';
import type { Likeness } from '@/lib/api/patients';
import { parseBirthDate } from '@/lib/text';

/** A card as it is typed on the spot: texts, not yet checked. */
export interface PatientDraft {
  family_name: string;
  given_name: string;
  patronymic: string;
  phone: string;
  /** As people write it: 15.01.1999, 01.1999, 1999 or 15.01. */
  birth: string;
  /** Id in the catalogue of sources, or ''. */
  source: string;
}

export const EMPTY_PATIENT: PatientDraft = {
  family_name: '',
  given_name: '',
  patronymic: '',
  phone: '',
  birth: '',
  source: '',
};

export function isTyped(draft: PatientDraft): boolean {
  return Object.values(draft).some((text: string) => text.trim() !== '');
}

const PHONE = /(?:^|\s)([+(]?\d[\d\s()-]{2,}\d)(?=\s|$)/;
const BIRTH = /(?:^|\s)(\d{1,2}\.\d{1,2}(?:\.\d{4})?)(?=\s|$)/;

/** What was typed into the search becomes the first guess: digits are a phone, a date the birth, words a name in its order. */
export function draftFromSearch(text: string): PatientDraft {
  const birth = BIRTH.exec(text)?.[1] ?? '';
  const undated = text.replace(birth, ' ');
  const phone = PHONE.exec(undated)?.[1] ?? '';
  const [family = '', given = '', ...rest] = undated
    .replace(phone, ' ')
    .trim()
    .split(/\s+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  return { ...EMPTY_PATIENT, family_name: family, given_name: given, patronymic: rest.join(' '), phone, birth };
}

export type DraftFault = Partial<Record<'name' | 'phone' | 'birth', string>>;

/** What the person has to mend before the card can be created; empty when all is well. */
export function faultsOf(draft: PatientDraft): DraftFault {
  const faults: DraftFault = {};
  if ([draft.family_name, draft.given_name, draft.patronymic].every((part) => part.trim() === '')) {
    faults.name = 'Укажите имя пациента';
  }
  if (draft.phone.trim() !== '' && !isPhone(draft.phone)) faults.phone = 'Номер из 10 цифр, например +7 912 345-67-89';
  if (parseBirthDate(draft.birth) === null) faults.birth = 'Например 15.01.1999, 01.1999 или 1999';
  return faults;
}

export function isPhone(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return digits.length === 10 || (digits.length === 11 && /^[78]/.test(digits));
}

export function toNewPatient(draft: PatientDraft): NewPatient {
  return {
    family_name: draft.family_name.trim(),
    given_name: draft.given_name.trim(),
    patronymic: draft.patronymic.trim(),
    phone: draft.phone.trim(),
    birth_date: parseBirthDate(draft.birth) ?? '',
    source_id: draft.source === '' ? null : draft.source,
    sex: '',
    card_number: '',
    comment: '',
  };
}

/** What duplicates are looked for by; null while nothing typed so far could find any. */
export function likenessOf(draft: PatientDraft): Likeness | null {
  const birth_date = parseBirthDate(draft.birth) ?? '';
  const phone = isPhone(draft.phone) ? draft.phone.trim() : '';
  const { family_name, given_name, patronymic } = toNewPatient(draft);
  const named = [family_name, given_name, patronymic].some((part) => part !== '');
  if (phone === '' && (birth_date === '' || !named)) return null;
  return { family_name, given_name, patronymic, phone, birth_date };
}
