/** What the federal registry lets change in a card that it has accepted, explained before the server has to refuse it. */
import type { Patient } from '@/lib/api/model';
import { formatBirthDate } from '@/lib/text';

export type Registry = NonNullable<Patient['registry']>;
const PARTS = ['family_name', 'given_name', 'patronymic'] as const;

function partsOf(date: string): string[] {
  const match = /^(?:(\d{4})|-)(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(date);
  return match === null ? ['', '', ''] : [match[1] ?? '', match[2] ?? '', match[3] ?? ''];
}

/** Whether a birth date (stored form) says all that the accepted one says. */
export function refines(accepted: string, date: string): boolean {
  const given = partsOf(date);
  return partsOf(accepted).every((part, at) => part === '' || part === given[at]);
}

/** What is to be known before the birth date is touched; undefined where it may become anything. */
export function birthDateHint({ birth_date }: Registry): string | undefined {
  return birth_date === '' ? undefined : `В ЕГИСЗ: ${formatBirthDate(birth_date)}. Можно только дополнить`;
}

export function nameHint({ name }: Registry): string {
  return `В ЕГИСЗ: ${PARTS.map((part) => name[part])
    .filter((part) => part !== '')
    .join(' ')}. Можно изменить только что-то одно`;
}

/** The parts of the name in which a typed one differs from the accepted one. */
export function differing({ name }: Registry, typed: Registry['name']): (typeof PARTS)[number][] {
  return PARTS.filter((part) => name[part] !== typed[part].trim().replace(/\s+/g, ' '));
}
