/** A receipt of what is to be bought: from one supplier for one warehouse. */
import type { ToBuy } from '@/entities/stock/minimums';
import type { StockKind } from '@/entities/stock/queries';
import { shortest } from '@/lib/typed/numbers';
import { hasTwoUnits } from '@/entities/stock/units';
import { type DocumentDraft, type DraftLine, newLine } from './documentDraft';
import { packagesOf, withPrice } from './lineMoney';
import type { NewSearch } from './search';

/** What its form starts with as if it had been typed; `items`: of the warehouse. */
export function boughtDraft(kind: StockKind, items: readonly ToBuy[], search: NewSearch): Partial<DocumentDraft> {
  const { to_buy: warehouse, supplier } = search;
  const head = {
    ...(warehouse === undefined ? {} : { 'head.warehouse_id': warehouse }),
    ...(supplier === undefined ? {} : { 'head.counterparty_id': supplier }),
  };
  const lines = items
    .filter(({ supplier_id }) => supplier_id === (supplier ?? null))
    .map((one) => boughtLine(kind, one));
  return { ...head, lines };
}

/** Whole packages, since no others are sold. */
function boughtLine(kind: StockKind, { goods, missing, price, sale_price }: ToBuy): DraftLine {
  const line = newLine(kind, goods);
  const packages = hasTwoUnits(goods) && line.unit === 'sale' ? packagesOf(missing, goods.factor) : null;
  return packages === null
    ? withPrice({ ...line, unit: 'write_off', quantity: shortest(missing) }, shortest(price ?? ''))
    : withPrice({ ...line, quantity: packages }, shortest(sale_price ?? ''));
}
