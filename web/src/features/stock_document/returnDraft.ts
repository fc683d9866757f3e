/** A return of goods that a document has issued: what hasn't come back yet. */
import type { StockDocument, StockKind } from '@/entities/stock/queries';
import { shortest } from '@/lib/typed/numbers';
import { type DocumentDraft, type DraftLine, headField } from './documentDraft';
import { partsOf, withoutParts, withPrice } from './lineMoney';

/** The field of the head that names the document whose goods come back. */
export const ORIGIN = 'origin_id';

export const originOf = (kind: StockKind) => kind.fields.find(({ name }) => name === ORIGIN);

/** What its form starts with as if it had been typed. */
export function returnDraft(kind: StockKind, issue: StockDocument): Partial<DocumentDraft> {
  const field = originOf(kind);
  const left = new Map(
    Object.entries(issue.returned ?? {}).map(([goods, quantity]) => [goods, partsOf(quantity, '1')]),
  );
  return {
    'head.warehouse_id': String(issue.fields.warehouse_id),
    ...(field === undefined ? {} : { [headField(field)]: issue.id }),
    lines: issue.lines.flatMap((line) => rest(line, left)),
  };
}

/** The line without what came back of its goods, which is taken from the first lines first. */
function rest(line: StockDocument['lines'][number], left: Map<string, bigint>): DraftLine[] {
  const { goods, quantity, unit, factor, price } = line;
  const [parts, back] = [partsOf(quantity, factor), left.get(goods.id) ?? 0n];
  const taken = back < parts ? back : parts;
  left.set(goods.id, back - taken);
  if (taken === parts) return [];
  const whole: DraftLine = {
    goods,
    quantity: shortest(quantity),
    unit,
    price: shortest(price ?? ''),
    sum: shortest(line.sum ?? ''),
    batch: '',
    expires_on: '',
  };
  return taken === 0n
    ? [whole]
    : [withPrice({ ...whole, quantity: withoutParts(quantity, factor, taken) }, whole.price)];
}
