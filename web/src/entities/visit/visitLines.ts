/** Lines of a visit as its form holds them, and as they are sent. */
import type { StockGoods, StockUnit } from '@/entities/stock/queries';
import type { NewLine, Service, VisitCard, VisitChange, VisitLine } from '@/lib/api/model';
import { nameKey } from '@/lib/text';
import { decimal, divided, scaled } from '@/lib/typed/decimals';
import { readNumber, shortest } from '@/lib/typed/numbers';
import { limits } from '@/lib/api/limits';

type VisitDocument = VisitCard['document'];
/** `amount`: an exact decimal; while it isn't understood, what is typed. */
export type VisitDiscount = NonNullable<VisitDocument['discount']>;
export type Performer = VisitLine['performers'][number];
type NewGoods = NonNullable<VisitChange['goods']>[number];

type Units = Pick<StockGoods, 'sale_unit' | 'write_off_unit' | 'factor'>;

export interface GoodsDraft {
  readonly id: string;
  readonly name: string;
  readonly units: Units;
  /** The present price of a unit of sale. */
  readonly listed: string;
  readonly price: string;
  readonly quantity: string;
  readonly unit: StockUnit;
  readonly discount: VisitDiscount | null;
}

export interface MaterialDraft {
  readonly id: string;
  readonly name: string;
  /** Name of the unit of write-off. */
  readonly unit: string;
  readonly quantity: string;
}

export const QUANTITY = { decimals: 4, ...limits.NewMaterial.quantity };
export const MONEY = { decimals: 2, unit: '₽', ...limits.NewLine.price };
export const PERCENT = { decimals: 2, max: 100 };

export function goodsOf(document: VisitDocument): GoodsDraft[] {
  return document.goods.map(({ goods, name, price, quantity, unit, discount }) => ({
    id: goods.id,
    name,
    units: unitsOf(goods),
    listed: shortest(goods.price),
    price: shortest(price),
    quantity: shortest(quantity),
    unit,
    discount: shownDiscount(discount),
  }));
}

/** null: those of the norms. */
export function materialsOf(document: VisitDocument): MaterialDraft[] | null {
  return document.materials?.map(({ goods, quantity }) => materialOf(goods, shortest(quantity))) ?? null;
}

export function materialOf(goods: StockGoods, quantity: string): MaterialDraft {
  return { id: goods.id, name: goods.name, unit: goods.write_off_unit || goods.sale_unit, quantity };
}

export function shownDiscount(discount: VisitDiscount | null): VisitDiscount | null {
  return discount === null ? null : { kind: discount.kind, amount: shortest(discount.amount) };
}

const unitsOf = ({ sale_unit, write_off_unit, factor }: StockGoods): Units => ({ sale_unit, write_off_unit, factor });

const NEW = 'new:';

export function newGoods(name: string): GoodsDraft {
  const units = { sale_unit: 'штука', write_off_unit: '', factor: '1' };
  const id = NEW + nameKey(name);
  return { id, name, units, listed: '', price: '', quantity: '1', unit: 'sale', discount: null };
}

export function addedGoods(goods: StockGoods): GoodsDraft {
  const listed = shortest(goods.price);
  const { id, name } = goods;
  return { id, name, units: unitsOf(goods), listed, price: listed, quantity: '1', unit: 'sale', discount: null };
}

export function isNewGoods({ id }: GoodsDraft): boolean {
  return id.startsWith(NEW);
}

/** In another unit, at the price of one of these. */
export function inUnit(line: GoodsDraft, unit: StockUnit): GoodsDraft {
  const [price, factor] = [scaled(line.listed, 2), scaled(line.units.factor, 6)];
  if (unit === 'sale' || price === null || factor === null || factor === 0n)
    return { ...line, unit, price: line.listed };
  return { ...line, unit, price: decimal(divided(price * 1_000_000n, factor), 2) };
}

/** Goods of a draft after the server has created those that it named. */
export function settledGoods(lines: readonly GoodsDraft[], stored: readonly GoodsDraft[]): GoodsDraft[] {
  return lines.map((line) => {
    const made = isNewGoods(line) ? stored.find(({ name }) => nameKey(name) === nameKey(line.name)) : undefined;
    return made === undefined ? line : { ...line, id: made.id, name: made.name };
  });
}

/** Materials for services done, each once, as the server proposes them. */
export function byNorms(
  lines: readonly Pick<VisitLine, 'service_id' | 'quantity'>[],
  services: readonly Service[],
): MaterialDraft[] {
  const known = new Map(services.map((service) => [service.id, service.norms]));
  const found = new Map<string, { name: string; unit: string; parts: bigint }>();
  for (const { service_id, quantity } of lines) {
    for (const { goods, unit, quantity: one } of known.get(service_id) ?? []) {
      const parts = (scaled(one, 6) ?? 0n) * BigInt(quantity);
      found.set(goods.id, { name: goods.name, unit, parts: (found.get(goods.id)?.parts ?? 0n) + parts });
    }
  }
  return [...found]
    .map(([id, { name, unit, parts }]) => ({ id, name, unit, quantity: decimal(divided(parts, 100n), 4) }))
    .filter(({ quantity }) => quantity !== '0');
}

/** `stored`: the lines of the visit, whose prices whoever may write; other prices only with the right to. */
export function sentLine(line: VisitLine, stored: readonly VisitLine[], mayPrice: boolean): NewLine {
  const { service_id, name, price, quantity, discount, performers } = line;
  if (isNewService(line)) return { name, price, quantity, discount, performers };
  const priced = mayPrice || stored.some((one) => one.service_id === service_id && equal(one.price, price));
  return { service_id, quantity, discount, performers, ...(priced ? { price } : {}) };
}

export function sentGoods(line: GoodsDraft, stored: readonly GoodsDraft[], mayPrice: boolean): NewGoods {
  const { id, name, price, quantity, unit, discount } = line;
  if (isNewGoods(line)) return { name, price: price || '0', quantity, unit, discount };
  const priced = mayPrice || stored.some((one) => one.id === id && one.unit === unit && equal(one.price, price));
  return { goods_id: id, quantity, unit, discount, ...(priced ? { price } : {}) };
}

export const isNewService = ({ service_id }: VisitLine) => service_id.startsWith(NEW);
export const newServiceId = (name: string) => NEW + nameKey(name);

function equal(one: string, other: string): boolean {
  return shortest(one) === shortest(other);
}

export function totalRule({ kind }: VisitDiscount) {
  return kind === 'percent' ? PERCENT : MONEY;
}

/** What is missing or not understood, by the server's name of the field. */
export function linesFaults(
  lines: readonly VisitLine[],
  goods: readonly GoodsDraft[],
  discount: VisitDiscount | null,
  materials: readonly MaterialDraft[] | null,
): Record<string, string> {
  const faults: Record<string, string> = {};
  const look = (field: string, value: string, rules: Parameters<typeof readNumber>[1], what: string) => {
    if (value.trim() === '') faults[field] = what;
    else {
      const read = readNumber(value, rules);
      if (!read.ok) faults[field] = read.reason;
    }
  };
  const reduced = (field: string, given: VisitDiscount | null) => {
    if (given !== null) look(field, given.amount, totalRule(given), 'Укажите скидку или уберите её');
  };
  lines.forEach((line, at) => {
    look(`lines.${at}.price`, shortest(line.price), MONEY, 'Укажите цену');
    reduced(`lines.${at}.discount`, line.discount);
  });
  goods.forEach((line, at) => {
    look(`goods.${at}.quantity`, line.quantity, QUANTITY, 'Укажите количество');
    look(`goods.${at}.price`, line.price, MONEY, 'Укажите цену');
    reduced(`goods.${at}.discount`, line.discount);
  });
  reduced('discount', discount);
  materials?.forEach((line, at) => look(`materials.${at}.quantity`, line.quantity, QUANTITY, 'Укажите количество'));
  return faults;
}
