/** A money document as its form holds it. */
import { emptyValue, typedValue } from '@/entities/catalogue/fieldValues';
import type { CatalogueField } from '@/entities/catalogue/queries';
import type { MoneyDocument, MoneyKind, WrittenMoney } from '@/entities/money/queries';
import { faultsIn } from '@/lib/api/faults';
import { limits } from '@/lib/api/limits';
import type { Part, Value } from '@/lib/cardEdits';
import { fromKopecks, kopecks } from '@/lib/text';
import { isLocalDate, parseClock } from '@/lib/time';
import { formatNumber, readNumber, shortest } from '@/lib/typed/numbers';

export const SUM = { decimals: 2, unit: '₽', ...limits.WrittenMoneyLine.sum };
/** Of which at most one is filled: who pays or gets the money. */
export const PARTIES: readonly string[] = ['counterparty_id', 'patient_id', 'employee_id'];

export interface DraftLine {
  /** Ids; '' while nothing is chosen. */
  readonly article: string;
  readonly sum: string;
  readonly note: string;
}

/** What is paid of a receipt of goods or of an invoice (`receipt`); '' for nothing. */
export interface DraftPayment {
  readonly receipt: string;
  readonly sum: string;
}

/** Typed and changed as a whole: a time isn't mixed with the day to which a colleague moved the document. */
export interface DraftMoment {
  readonly date: string;
  readonly time: string;
}

/** The fields of the head stand under their names, since a line's may be the same. */
export type HeadField = `head.${string}`;

export interface MoneyDraft {
  readonly moment: DraftMoment;
  readonly lines: readonly DraftLine[];
  readonly pays: readonly DraftPayment[];
  readonly [field: HeadField]: Value;
}

export const EMPTY_LINE: DraftLine = { article: '', sum: '', note: '' };

/** The declared fields of the head without the moment. */
export function headFields(kind: MoneyKind): readonly CatalogueField[] {
  return kind.fields.filter(({ type }) => type !== 'moment');
}

export const headField = ({ name }: Pick<CatalogueField, 'name'>): HeadField => `head.${name}`;

export function momentOf(stored: string): DraftMoment {
  return { date: stored.slice(0, 10), time: stored.slice(11, 16) };
}

export function emptyDraft(kind: MoneyKind): MoneyDraft {
  const head = Object.fromEntries(headFields(kind).map((field) => [headField(field), emptyValue(field)]));
  const lines = kind.direction === null ? [] : [EMPTY_LINE];
  return { ...head, moment: { date: '', time: '' }, lines, pays: [] };
}

export function draftOf(kind: MoneyKind, { fields, lines, pays }: MoneyDocument): MoneyDraft {
  const head = Object.fromEntries(
    headFields(kind).map((field) => [headField(field), typedValue(field, fields[field.name])]),
  );
  return {
    ...head,
    moment: momentOf(String(fields.moment)),
    lines: lines.map(({ article_id: article, sum, note }) => ({ article, sum: shortest(sum), note })),
    pays: pays.map(({ receipt_id: receipt, sum }) => ({ receipt, sum: shortest(sum) })),
  };
}

/** With what was typed over it. */
export function over(saved: MoneyDraft, typed: Part<MoneyDraft>): MoneyDraft {
  return { ...saved, ...typed } as MoneyDraft;
}

const isBlank = ({ article, sum, note }: DraftLine) => article === '' && sum.trim() === '' && note.trim() === '';

/** The lines that something stands in; a document always has one. */
export function filledLines(lines: readonly DraftLine[]): readonly DraftLine[] {
  return lines.filter((line) => !isBlank(line));
}

/** Only the fields that were changed here: what others changed meanwhile stays. */
export function written(kind: MoneyKind, sending: Part<MoneyDraft>): WrittenMoney {
  const { moment, lines, pays } = sending;
  const head = headFields(kind).flatMap((field) => {
    const value = sending[headField(field)];
    if (value === undefined) return [];
    return [[field.name, field.type === 'reference' && value === '' ? null : value] as const];
  });
  return {
    fields: {
      ...Object.fromEntries(head),
      ...(moment === undefined ? {} : { moment: `${moment.date}T${moment.time}` }),
    },
    ...(lines === undefined || kind.direction === null
      ? {}
      : {
          lines: filledLines(lines).map(({ article, sum, note }) => ({ article_id: article, sum, note: note.trim() })),
        }),
    ...(pays === undefined || kind.pays === ''
      ? {}
      : { pays: paying(pays).map(({ receipt, sum }) => ({ receipt_id: receipt, sum })) }),
  };
}

export function paying(pays: readonly DraftPayment[]): readonly DraftPayment[] {
  return pays.filter(({ sum }) => sum.trim() !== '' && Number(sum) !== 0);
}

/** Kopecks of a sum that is understood; 0 of one that isn't. */
export function kopecksOf(sum: string): number {
  if (sum.trim() === '') return 0;
  const read = readNumber(sum, SUM);
  return read.ok ? kopecks(read.value) : 0;
}

/** Rubles, exact. */
export function totalOf(sums: readonly { readonly sum: string }[]): string {
  return fromKopecks(sums.reduce((total, { sum }) => total + kopecksOf(sum), 0));
}

/** By the server's name of the field, of a line's «lines.3.sum». */
export type Faults = Readonly<Record<string, string | undefined>>;

/** What has to be mended before the document can be sent. */
export function missing(kind: MoneyKind, draft: MoneyDraft): Faults {
  const faults: Record<string, string> = {};
  for (const field of headFields(kind)) {
    if (field.required && String(draft[headField(field)] ?? '').trim() === '')
      faults[field.name] = field.type === 'reference' ? 'Выберите из списка' : 'Это поле нужно заполнить';
  }
  if (!isLocalDate(draft.moment.date)) faults.moment = 'Укажите дату';
  else if (parseClock(draft.moment.time) === null) faults.moment = 'Укажите время';
  if (kind.direction === null) return faults;
  const one = filledLines(draft.lines).length === 0;
  draft.lines.forEach((line, index) => {
    if (isBlank(line) && !(one && index === 0)) return;
    if (line.article === '') faults[`lines.${index}.article_id`] = 'Выберите статью';
    if (line.sum.trim() === '') faults[`lines.${index}.sum`] = 'Укажите сумму';
  });
  return faults;
}

const PART = /^(lines|pays)\.(\d+)\.(\w+)$/;

/** The fields that a refusal names, each with its reason; null where it names none. */
export function faultsOfRefusal(kind: MoneyKind, draft: MoneyDraft, error: unknown): Faults | null {
  const known = new Set(['moment', 'lines', 'pays', ...kind.fields.map(({ name }) => name)]);
  const own = (field: string) => {
    const [, part, place = '', name = ''] = PART.exec(field) ?? [];
    if (part === undefined) return known.has(field) ? field : undefined;
    if (part === 'pays') return 'pays';
    const sent = filledLines(draft.lines)[Number(place)]; // blank lines aren't sent
    return sent === undefined ? 'lines' : `lines.${draft.lines.indexOf(sent)}.${name}`;
  };
  return faultsIn<string>(error, own, {
    period_closed: () => 'moment',
    desk_day_closed: () => 'moment',
    receipt_overpaid: () => 'pays',
    invoice_overpaid: () => 'pays',
    invoice_deleted: () => 'pays',
    article_deleted: ({ facts }) => {
      const line = draft.lines.findIndex(({ article }) => article === facts.article_id);
      return line < 0 ? undefined : `lines.${line}.article_id`;
    },
    entry_deleted: ({ facts }) => headFields(kind).find((one) => draft[headField(one)] === facts.entry_id)?.name,
  });
}

/** Lines in words, for what a colleague saved meanwhile. `called`: names of articles. */
export function linesInWords(lines: readonly DraftLine[], called: ReadonlyMap<string, string>): string {
  return lines.map(({ article, sum }) => `${called.get(article) ?? 'статья'} ${formatNumber(sum, '₽')}`).join('; ');
}
