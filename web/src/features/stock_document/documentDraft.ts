/** A stock document as its form holds it. */
import { emptyValue, typedValue } from '@/entities/catalogue/fieldValues';
import type { CatalogueField } from '@/entities/catalogue/queries';
import type { StockDocument, StockGoods, StockKind, StockUnit, Written, WrittenLine } from '@/entities/stock/queries';
import { hasTwoUnits, unitName } from '@/entities/stock/units';
import { faultsIn } from '@/lib/api/faults';
import { list, record, text } from '@/lib/api/facts';
import type { Part, Value } from '@/lib/cardEdits';
import { formatMoment, isLocalDate, parseClock } from '@/lib/time';
import { formatNumber, type NumberRules, readNumber, shortest } from '@/lib/typed/numbers';
import { COUNTED, type LineMoney, MONEY, QUANTITY, withPrice } from './lineMoney';

export interface DraftLine extends LineMoney {
  readonly goods: StockGoods;
  readonly unit: StockUnit;
  readonly batch: string;
  /** «2027-05-31»; '' for none. */
  readonly expires_on: string;
}

/** Typed and changed as a whole: a time isn't mixed with the day to which a colleague moved the document. */
export interface DraftMoment {
  readonly date: string;
  readonly time: string;
}

/** The fields of the head stand under their names, since a line's may be the same. */
export type HeadField = `head.${string}`;

export interface DocumentDraft {
  readonly moment: DraftMoment;
  readonly lines: readonly DraftLine[];
  readonly [field: HeadField]: Value;
}

/** The declared fields of the head without the moment. */
export function headFields(kind: StockKind): readonly CatalogueField[] {
  return kind.fields.filter(({ type }) => type !== 'moment');
}

export const headField = ({ name }: Pick<CatalogueField, 'name'>): HeadField => `head.${name}`;

export const EMPTY_MOMENT: DraftMoment = { date: '', time: '' };

export function emptyDraft(kind: StockKind): DocumentDraft {
  const head = Object.fromEntries(headFields(kind).map((field) => [headField(field), emptyValue(field)]));
  return { ...head, moment: EMPTY_MOMENT, lines: [] };
}

export function momentOf(stored: string): DraftMoment {
  return { date: stored.slice(0, 10), time: stored.slice(11, 16) };
}

export function draftOf(kind: StockKind, document: StockDocument): DocumentDraft {
  const { fields, lines } = document;
  const head = Object.fromEntries(
    headFields(kind).map((field) => [headField(field), typedValue(field, fields[field.name])]),
  );
  return {
    ...head,
    moment: momentOf(String(fields.moment)),
    lines: lines.map(({ goods, quantity, unit, price, sum, batch, expires_on }) => ({
      goods,
      quantity: shortest(quantity),
      unit,
      price: shortest(price ?? ''),
      sum: shortest(sum ?? ''),
      batch,
      expires_on: expires_on ?? '',
    })),
  };
}

/** Kinds whose lines are sold: at the price of the goods' card. */
const SOLD: ReadonlySet<string> = new Set(['goods_issue']);

/** Invoices speak of packages, those who use goods up of what is in them. */
export function newLine(kind: StockKind, goods: StockGoods): DraftLine {
  const unit: StockUnit = kind.priced && hasTwoUnits(goods) ? 'sale' : 'write_off';
  const line: DraftLine = { goods, quantity: '', unit, price: '', sum: '', batch: '', expires_on: '' };
  return SOLD.has(kind.key) ? withPrice(line, shortest(goods.price)) : line;
}

/** With what was typed over it. */
export function over(saved: DocumentDraft, typed: Part<DocumentDraft>): DocumentDraft {
  return { ...saved, ...typed } as DocumentDraft;
}

/** Only the fields that were changed here: what others changed meanwhile stays. */
export function written(kind: StockKind, sending: Part<DocumentDraft>): Written {
  const { moment, lines } = sending;
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
    ...(lines === undefined ? {} : { lines: lines.map((line) => writtenLine(kind, line)) }),
  };
}

function writtenLine(kind: StockKind, line: DraftLine): Partial<WrittenLine> {
  const { goods, quantity, unit, price, sum, batch, expires_on } = line;
  return {
    goods_id: goods.id,
    quantity,
    unit,
    ...(kind.priced || kind.counts ? { price: price || null } : {}),
    ...(kind.priced ? { sum: sum || null } : {}),
    ...(kind.batches ? { batch: batch.trim(), expires_on: expires_on || null } : {}),
  };
}

/** By the server's name of the field, of a line's «lines.3.quantity». */
export type Faults = Readonly<Record<string, string | undefined>>;
export type LineField = 'quantity' | 'price' | 'sum' | 'batch' | 'expires_on' | 'unit' | 'goods_id';
export type LineFaults = Partial<Record<LineField, string>>;

/** What has to be mended before the document can be sent. */
export function missing(kind: StockKind, draft: DocumentDraft, posting: boolean): Faults {
  const faults: Record<string, string> = {};
  for (const field of headFields(kind)) {
    if (field.required && String(draft[headField(field)] ?? '').trim() === '') {
      faults[field.name] = field.type === 'reference' ? 'Выберите из списка' : 'Это поле нужно заполнить';
    }
  }
  if (!isLocalDate(draft.moment.date)) faults.moment = 'Укажите дату';
  else if (parseClock(draft.moment.time) === null) faults.moment = 'Укажите время';
  if (posting && draft.lines.length === 0) faults.lines = 'Добавьте хотя бы один товар, потом проводите.';
  draft.lines.forEach((line, index) => {
    for (const [field, reason] of Object.entries(lineFaults(kind, line))) faults[`lines.${index}.${field}`] = reason;
  });
  return faults;
}

function lineFaults(kind: StockKind, line: DraftLine): LineFaults {
  const faults = unreadable(kind, line);
  if (line.quantity.trim() === '') faults.quantity = 'Укажите количество';
  else if (faults.quantity === undefined && kind.priced && line.price.trim() === '' && line.sum.trim() === '') {
    faults.price = 'Укажите цену или сумму, для подарка – 0';
  }
  return faults;
}

/** What stands in a line and isn't understood. */
export function unreadable(kind: StockKind, line: DraftLine): LineFaults {
  const faults: LineFaults = {};
  const look = (field: 'quantity' | 'price' | 'sum', rules: NumberRules) => {
    if (line[field].trim() === '') return;
    const read = readNumber(line[field], rules);
    if (!read.ok) faults[field] = read.reason;
  };
  look('quantity', kind.counts ? COUNTED : QUANTITY);
  look('price', MONEY);
  look('sum', MONEY);
  if (line.expires_on !== '' && !isLocalDate(line.expires_on)) faults.expires_on = 'Не похоже на дату';
  return faults;
}

const LINE = /^lines\.(\d+)\.(\w+)$/;

/** The faults of each line, by its place. */
export function faultsByLine(faults: Faults): ReadonlyMap<number, LineFaults> {
  const lines = new Map<number, LineFaults>();
  for (const [name, reason] of Object.entries(faults)) {
    const [, index, field] = LINE.exec(name) ?? [];
    if (index === undefined || reason === undefined) continue;
    lines.set(Number(index), { ...lines.get(Number(index)), [field as LineField]: reason });
  }
  return lines;
}

/** The fields that a refusal names, each with its reason; null where it names none. */
export function faultsOfRefusal(kind: StockKind, draft: DocumentDraft, error: unknown): Faults | null {
  const lineOf = (goodsId: unknown) => draft.lines.findIndex(({ goods }) => goods.id === goodsId);
  const known = new Set(['moment', 'lines', ...kind.fields.map(({ name }) => name)]);
  return faultsIn<string>(error, (field) => (known.has(field) || LINE.test(field) ? field : undefined), {
    period_closed: () => 'moment',
    nothing_to_post: () => 'lines',
    goods_missing: ({ facts }) =>
      list(facts.shortages)
        .map(record)
        .map(({ goods, moment, missing }) => {
          const line = lineOf(record(goods).id);
          return {
            field: line < 0 ? undefined : `lines.${line}.quantity`,
            reason: `На ${formatMoment(text(moment))} не хватает ${formatNumber(text(missing))}`,
          };
        }),
    entry_deleted: ({ facts }) => {
      const field = headFields(kind).find((one) => draft[headField(one)] === facts.entry_id);
      const line = lineOf(facts.entry_id);
      return field?.name ?? (line < 0 ? undefined : `lines.${line}.goods_id`);
    },
  });
}

/** Lines in words, for what a colleague saved meanwhile. */
export function linesInWords(lines: readonly DraftLine[]): string {
  return lines
    .map(({ goods, quantity, unit }) => `${goods.name} ${formatNumber(quantity)} ${unitName(goods, unit)}`.trim())
    .join('; ');
}
