/** The fields of an employee's card as the form holds them: dates in stored form, the rest as people write it. */
import { among, faultsIn, type FaultsOf } from '@/lib/api/faults';
import type { Card, Value } from '@/lib/cardEdits';
import { formatPhone } from '@/lib/text';
import type { EmployeeCard, EmployeeChange } from './queries';

export const EMPTY_CARD = {
  family_name: '',
  given_name: '',
  patronymic: '',
  position_id: '',
  position_code: '',
  speciality_code: '',
  phone: '',
  other_phones: '',
  email: '',
  internal_number: '',
  show_calls: false,
  takes_visits: false,
  color: '',
  warehouse_id: '',
  birth_date: '',
  snils: '',
  inn: '',
  passport_number: '',
  passport_issued_on: '',
  passport_issued_by: '',
  comment: '',
} satisfies Record<Exclude<keyof EmployeeChange, 'position' | 'version'>, Card[string]>;

export type Field = keyof typeof EMPTY_CARD;

const REFERENCES: readonly string[] = ['position_id', 'warehouse_id'];

export function cardOf(employee: EmployeeCard): Card {
  const fields = Object.keys(EMPTY_CARD) as Field[];
  return {
    ...Object.fromEntries(fields.map((field) => [field, employee[field] ?? ''])),
    phone: formatPhone(employee.phone),
    other_phones: employee.other_phones.split(', ').map(formatPhone).join(', '),
    snils: employee.snils.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1-$2-$3 $4'),
    passport_number: employee.passport_number.replace(/^(\d{2})(\d{2})(\d{6})$/, '$1 $2 $3'),
  };
}

/** Touched fields as the server takes them. */
export function toSend(card: Readonly<Record<string, Value>>): Record<string, Value | null> {
  return Object.fromEntries(
    Object.entries(card).map(([field, value]) => [field, REFERENCES.includes(field) && value === '' ? null : value]),
  );
}

const FIELDS = among([...(Object.keys(EMPTY_CARD) as Field[]), 'password' as const]);
export type Faults = FaultsOf<Field | 'password'>;

/** The fields that a refusal names, each with its reason; null where it names none of the card's or of the access. */
export function faultsOfRefusal(error: unknown): Faults | null {
  return faultsIn(error, FIELDS, {
    email_taken: () => 'email',
    internal_number_taken: () => 'internal_number',
    entry_deleted: ({ facts }) => FIELDS(`${String(facts.catalogue)}_id`),
  });
}
