/** The fields of an employee's card as the form holds them: as people write them. */
import { isProblem } from '@/lib/api/problem';
import type { Card, Value } from '@/lib/cardEdits';
import { parseBirthDate, sayBirthDate, sayPhone } from '@/lib/text';
import type { EmployeeCard } from './queries';

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
} satisfies Card;

export type Field = keyof typeof EMPTY_CARD;

const PARSED: readonly string[] = ['birth_date', 'passport_issued_on'];
const REFERENCES: readonly string[] = ['position_id', 'warehouse_id'];

export function cardOf(employee: EmployeeCard): Card {
  const fields = Object.keys(EMPTY_CARD) as Field[];
  return {
    ...Object.fromEntries(fields.map((field) => [field, employee[field] ?? ''])),
    phone: sayPhone(employee.phone),
    other_phones: employee.other_phones.split(', ').map(sayPhone).join(', '),
    birth_date: sayBirthDate(employee.birth_date),
    passport_issued_on: sayBirthDate(employee.passport_issued_on),
    snils: employee.snils.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1-$2-$3 $4'),
    passport_number: employee.passport_number.replace(/^(\d{2})(\d{2})(\d{6})$/, '$1 $2 $3'),
  };
}

/** Touched fields as the server takes them. */
export function toSend(card: Readonly<Record<string, Value>>): Record<string, Value | null> {
  return Object.fromEntries(
    Object.entries(card).map(([field, value]) => {
      if (REFERENCES.includes(field)) return [field, value === '' ? null : value];
      return [field, PARSED.includes(field) ? (parseBirthDate(String(value)) ?? value) : value];
    }),
  );
}

export interface Fault {
  readonly field: string;
  readonly reason: string;
}

/** A date that can't be read is not worth sending. */
export function unreadable(card: Readonly<Record<string, Value>>): Fault | null {
  const field = PARSED.find((name) => name in card && parseBirthDate(String(card[name])) === null);
  if (field === undefined) return null;
  return { field, reason: 'Запишите дату так: 17.05.1985' };
}

/** The field that a refusal names, with its reason. */
export function faultIn(error: unknown): Fault | null {
  if (isProblem(error, 'email_taken')) return { field: 'email', reason: error.message };
  if (isProblem(error, 'internal_number_taken')) return { field: 'internal_number', reason: error.message };
  if (isProblem(error, 'entry_deleted')) return { field: `${String(error.facts.catalogue)}_id`, reason: error.message };
  if (!isProblem(error, 'wrong_value', 'weak_password')) return null;
  const { field } = error.facts;
  return { field: typeof field === 'string' ? field : '', reason: error.message };
}
