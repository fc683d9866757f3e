import { faultsIn, type FaultsOf } from '@/lib/api/faults';
import type { NewPatient } from '@/lib/api/model';
import type { Likeness } from './queries';
import { isBirthDate } from '@/lib/text';
import type { LocalDate } from '@/lib/time';
import { readBirthDate } from '@/lib/typed/dates';
import { readName } from '@/lib/typed/names';
import { readPhone } from '@/lib/typed/phones';
import { HYPHENS } from '@/lib/typed/read';

/** A card as it is typed on the spot: texts, not yet checked. */
export interface PatientDraft {
  family_name: string;
  given_name: string;
  patronymic: string;
  phone: string;
  /** In stored form: 1999-01-15, 1999-01, 1999, --01-15; while it is none, what is typed. */
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

const PHONE = /(?:^|\s)([+(]?\d[\d\s()./~-]{2,}\d)(?=\s|$)/;
const BIRTH = /(?:^|\s)(\d{1,2}([./])\d{1,2}(?:\2(?:\d{4}|\d{2}))?)(?=\s|$)/;

/** What was typed into the search becomes the first guess: digits are a phone, a date the birth, words a name in its order. */
export function draftFromSearch(text: string, today: LocalDate): PatientDraft {
  const hyphened = text.replace(HYPHENS, '-');
  const written = BIRTH.exec(hyphened)?.[1] ?? '';
  const birth = readBirthDate(written, today);
  const undated = hyphened.replace(written, ' ');
  const called = PHONE.exec(undated)?.[1] ?? '';
  const phone = readPhone(called);
  const { family_name, given_name, patronymic } = readName(undated.replace(called, ' '));
  return {
    ...EMPTY_PATIENT,
    family_name: capital(family_name),
    given_name: capital(given_name),
    patronymic: capital(patronymic),
    phone: phone.ok ? phone.value : called,
    birth: birth.ok ? birth.value : written,
  };
}

const capital = (part: string) => part.charAt(0).toUpperCase() + part.slice(1);

export type DraftFault = FaultsOf<keyof PatientDraft>;

/** What the server calls the fields. */
const FIELDS: Readonly<Record<string, keyof PatientDraft>> = {
  family_name: 'family_name',
  given_name: 'given_name',
  patronymic: 'patronymic',
  phone: 'phone',
  birth_date: 'birth',
  source_id: 'source',
};

/** The fields that a refusal names, each with its reason; null where it names none of these. */
export function faultsOfRefusal(error: unknown): DraftFault | null {
  return faultsIn(error, (field) => FIELDS[field], {
    entry_deleted: ({ facts }) => (facts.catalogue === 'source' ? 'source' : undefined),
  });
}

/** What the person has to mend before the card can be created; empty when all is well. */
export function faultsOf(draft: PatientDraft): DraftFault {
  const faults: DraftFault = {};
  if ([draft.family_name, draft.given_name, draft.patronymic].every((part) => part.trim() === '')) {
    faults.family_name = 'Укажите имя пациента';
  }
  const phone = readPhone(draft.phone);
  if (draft.phone.trim() !== '' && !phone.ok) faults.phone = phone.reason;
  if (draft.birth.trim() !== '' && !isBirthDate(draft.birth)) faults.birth = 'Например 15.01.1999, 01.1999 или 1999';
  return faults;
}

export function toNewPatient(draft: PatientDraft): NewPatient {
  return {
    family_name: draft.family_name.trim(),
    given_name: draft.given_name.trim(),
    patronymic: draft.patronymic.trim(),
    phone: draft.phone.trim(),
    birth_date: draft.birth,
    source_id: draft.source === '' ? null : draft.source,
    sex: '',
    card_number: '',
    comment: '',
  };
}

/** What duplicates are looked for by; null while nothing typed so far could find any. */
export function likenessOf(draft: PatientDraft): Likeness | null {
  const birth_date = isBirthDate(draft.birth) ? draft.birth : '';
  const phone = readPhone(draft.phone).ok ? draft.phone.trim() : '';
  const { family_name, given_name, patronymic } = toNewPatient(draft);
  const named = [family_name, given_name, patronymic].some((part) => part !== '');
  if (phone === '' && (birth_date === '' || !named)) return null;
  return { family_name, given_name, patronymic, phone, birth_date };
}
