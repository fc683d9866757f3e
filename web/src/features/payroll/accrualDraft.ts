/** An accrual as its form holds it. */
import { type Accrual, type AccrualChange, type Extra, EXTRAS, type NewAccrual } from '@/entities/payroll/queries';
import { faultsIn } from '@/lib/api/faults';
import { limits } from '@/lib/api/limits';
import { fromKopecks, kopecks } from '@/lib/text';
import { isLocalDate } from '@/lib/time';
import { readNumber, shortest } from '@/lib/typed/numbers';
import type { NewSearch } from './search';

export const SUM = { decimals: 2, unit: '₽', ...limits.NewPayExtra.sum };
/** Kinds that take from what is calculated. */
const TAKING: readonly string[] = ['fine', 'advance_back', 'cut'] satisfies Extra['kind'][];

export interface DraftExtra {
  readonly kind: Extra['kind'];
  readonly sum: string;
  readonly note: string;
}

export interface AccrualDraft {
  readonly date: string;
  readonly employee_id: string;
  readonly first: string;
  readonly last: string;
  readonly comment: string;
  readonly extras: readonly DraftExtra[];
}

export const EMPTY_EXTRA: DraftExtra = { kind: 'bonus', sum: '', note: '' };

export function startOf(today: string, { employee = '', from = '', to = '' }: NewSearch): AccrualDraft {
  return { date: today, employee_id: employee, first: from, last: to, comment: '', extras: [] };
}

export function draftOf({ day, employee, first, last, comment, extras }: Accrual): AccrualDraft {
  return {
    date: day,
    employee_id: employee.id,
    first,
    last,
    comment,
    extras: extras.map(({ kind, sum, note }) => ({ kind, sum: shortest(sum), note })),
  };
}

const sent = (extras: readonly DraftExtra[]): Extra[] =>
  extras.filter(({ sum }) => sum.trim() !== '').map(({ kind, sum, note }) => ({ kind, sum, note: note.trim() }));

export function newOf({ extras, ...fields }: AccrualDraft): NewAccrual {
  return { ...fields, extras: sent(extras), post: false };
}

/** Only the fields that were changed here: what others changed meanwhile stays. */
export function changeOf({ extras, ...fields }: Partial<AccrualDraft>): AccrualChange {
  return { ...fields, ...(extras === undefined ? {} : { extras: sent(extras) }) };
}

export function hasPeriod({ first, last }: AccrualDraft): boolean {
  return isLocalDate(first) && isLocalDate(last) && first <= last;
}

/** Rubles, with their sign. */
export function extrasTotal(extras: readonly DraftExtra[]): string {
  return fromKopecks(
    extras.reduce((total, { kind, sum }) => {
      const read = readNumber(sum, SUM);
      const amount = read.ok && read.value !== '' ? kopecks(read.value) : 0;
      return total + (TAKING.includes(kind) ? -amount : amount);
    }, 0),
  );
}

export const plus = (one: string, other: string) => fromKopecks(kopecks(one) + kopecks(other));

export type Faults = Readonly<Record<string, string | undefined>>;

/** What has to be mended before it can be sent. */
export function missing(draft: AccrualDraft): Faults {
  const faults: Record<string, string> = {};
  if (!isLocalDate(draft.date)) faults.date = 'Укажите дату';
  if (draft.employee_id === '') faults.employee_id = 'Выберите сотрудника';
  if (!isLocalDate(draft.first)) faults.first = 'Укажите дату';
  if (!isLocalDate(draft.last)) faults.last = 'Укажите дату';
  else if (isLocalDate(draft.first) && draft.last < draft.first) faults.last = 'Раньше начала';
  draft.extras.forEach(({ sum, note }, index) => {
    if (sum.trim() === '' && note.trim() !== '') faults[`extras.${index}.sum`] = 'Укажите сумму';
  });
  return faults;
}

const FIELDS: readonly string[] = ['date', 'employee_id', 'first', 'last', 'comment', 'extras'];

/** The fields that a refusal names, each with its reason; null where it names none. */
export function faultsOfRefusal(draft: AccrualDraft, error: unknown): Faults | null {
  const own = (field: string) => {
    const [, place, name] = /^extras\.(\d+)\.(\w+)$/.exec(field) ?? [];
    if (place === undefined) return FIELDS.includes(field) ? field : undefined;
    const typed = draft.extras.filter(({ sum }) => sum.trim() !== '')[Number(place)]; // blank lines aren't sent
    return typed === undefined ? 'extras' : `extras.${draft.extras.indexOf(typed)}.${name}`;
  };
  return faultsIn<string>(error, own, { period_closed: () => 'date', employee_deleted: () => 'employee_id' });
}

/** In words, for what a colleague saved meanwhile. */
export function extrasInWords(extras: readonly DraftExtra[]): string {
  return extras.map(({ kind, sum }) => `${EXTRAS[kind]} ${sum}`).join('; ');
}
