/** The fields of a patient's card as the form holds them: dates in stored form, phones and СНИЛС as people write them. */
import { among, faultsIn, type FaultsOf } from '@/lib/api/faults';
import type { Patient, PatientChange } from '@/lib/api/model';
import type { Card, Value } from '@/lib/cardEdits';
import { digitsOf, formatBirthDate, formatPhone, formatSnils } from '@/lib/text';
import { birthDateHint, differing, nameHint, refines, type Registry } from './registry';

type Kind = 'text' | 'phone' | 'birth' | 'date' | 'snils';

/** Every field with the way in which its text is written; the order is the form's. */
const KINDS = {
  family_name: 'text',
  given_name: 'text',
  patronymic: 'text',
  birth_date: 'birth',
  sex: 'text',
  card_number: 'text',
  phone: 'phone',
  other_phones: 'text',
  email: 'text',
  city: 'text',
  street: 'text',
  house: 'text',
  flat: 'text',
  snils: 'snils',
  passport_series: 'text',
  passport_number: 'text',
  passport_issued_on: 'date',
  passport_issued_by: 'text',
  policy_kind: 'text',
  policy_number: 'text',
  policy_insurer: 'text',
  representative_family_name: 'text',
  representative_given_name: 'text',
  representative_patronymic: 'text',
  representative_relation: 'text',
  representative_birth_date: 'birth',
  representative_phone: 'phone',
  representative_snils: 'snils',
  representative_document_kind: 'text',
  representative_document_series: 'text',
  representative_document_number: 'text',
  representative_document_issued_on: 'date',
  representative_document_issued_by: 'text',
  representative_address: 'text',
  comment: 'text',
} as const satisfies Record<Exclude<keyof PatientChange, 'source_id' | 'categories' | 'version'>, Kind>;

type TextField = keyof typeof KINDS;
export type Field = TextField | 'source_id' | 'categories';
export type Faults = FaultsOf<Field>;
const TEXT_FIELDS = Object.keys(KINDS) as TextField[];
const FIELDS: readonly Field[] = [...TEXT_FIELDS, 'source_id', 'categories'];

const FORMATS: Partial<Record<Kind, (stored: string) => string>> = { phone: formatPhone, snils: formatSnils };

/** Ids of several things as one text of the form, in one order: the same ones are no change. */
export const joinIds = (ids: readonly string[]) => [...ids].sort().join(' ');
export const splitIds = (ids: string) => ids.split(' ').filter((id) => id !== '');

export function cardOf(patient: Patient): Card {
  return {
    ...Object.fromEntries(
      TEXT_FIELDS.map((field) => [field, FORMATS[KINDS[field]]?.(patient[field]) ?? patient[field]]),
    ),
    source_id: patient.source?.id ?? '',
    categories: joinIds(patient.categories.map(({ id }) => id)),
  };
}

export function kindOf(field: Field): Kind {
  return field in KINDS ? KINDS[field as TextField] : 'text';
}

/** A value of the form in words. */
export function formatValue(field: Field, value: string): string {
  return kindOf(field) === 'birth' || kindOf(field) === 'date' ? formatBirthDate(value) : value;
}

/** What has to be mended before these changes can be sent, beside texts that a field doesn't understand. `name`: as it would be then. */
export function faultsOf(
  sending: Readonly<Record<string, Value>>,
  name: Registry['name'],
  registry: Registry | null,
): Faults {
  const faults: Faults = {};
  for (const field of TEXT_FIELDS) {
    const typed = String(sending[field] ?? '').trim();
    if (kindOf(field) === 'snils' && typed !== '' && digitsOf(typed).length !== 11) faults[field] = 'В СНИЛС 11 цифр';
  }
  if (Object.values(name).every((part) => part.trim() === '')) faults.family_name = 'Укажите имя пациента';
  return registry === null ? faults : { ...registryFaults(sending, name, registry), ...faults };
}

function registryFaults(sending: Readonly<Record<string, Value>>, name: Registry['name'], registry: Registry): Faults {
  const faults: Faults = {};
  const born = sending.birth_date;
  if (born !== undefined && !refines(registry.birth_date, String(born))) {
    faults.birth_date = birthDateHint(registry);
  }
  const parts = differing(registry, name);
  const touched = parts.filter((part) => part in sending);
  if (parts.length > 1) for (const part of touched) faults[part] = nameHint(registry);
  return faults;
}

/** Typed changes as the API takes them. */
export function toChange(sending: Readonly<Record<string, Value>>): PatientChange {
  return Object.fromEntries(
    Object.entries(sending).map(([field, value]): [string, string | string[] | null] => {
      const typed = String(value).trim();
      if (field === 'source_id') return [field, typed === '' ? null : typed];
      if (field === 'categories') return [field, splitIds(typed)];
      return [field, typed];
    }),
  );
}

const known = among(FIELDS);

/** The fields that a refusal names, each with its reason; null where it names none of the card's. */
export function faultsOfRefusal(error: unknown): Faults | null {
  return faultsIn(error, known, {
    entry_deleted: ({ facts }) => (facts.catalogue === 'source' ? 'source_id' : 'categories'),
  });
}
