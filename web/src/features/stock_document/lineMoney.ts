/** Price and sum of a line, each of which follows from the other; exact, half up, as the server rounds. */
import { limits } from '@/lib/api/limits';
import { decimal, divided, scaled } from '@/lib/typed/decimals';
import { readNumber } from '@/lib/typed/numbers';

/** Exact decimals in their shortest form; '' for none; while they aren't understood, what is typed. */
export interface LineMoney {
  readonly quantity: string;
  readonly price: string;
  readonly sum: string;
}

const QUANTITY_PLACES = 4;
const FACTOR_PLACES = 6;
export const QUANTITY = { decimals: QUANTITY_PLACES, ...limits.WrittenLine.quantity };
/** What was counted may be nothing. */
export const COUNTED = { decimals: QUANTITY_PLACES, ...limits.CountedLine.quantity };
export const MONEY = { decimals: 2, unit: '₽', ...limits.PricedLine.price };

/** Which of both a person typed: the other one follows from it. */
export type TypedMoney = 'price' | 'sum';

/** `typed`: what was typed last in this line; where nobody knows, the price if the sum is what follows from it. */
export function withQuantity<L extends LineMoney>(line: L, quantity: string, typed: TypedMoney | null = null): L {
  const agrees = line.sum === '' || line.sum === sumOf(line);
  const followsPrice = line.price !== '' && (typed === null ? agrees : typed === 'price' || line.sum === '');
  const next = { ...line, quantity };
  return followsPrice
    ? { ...next, sum: sumOf(next) }
    : { ...next, price: line.sum === '' ? line.price : priceOf(next) };
}

export function withPrice<L extends LineMoney>(line: L, price: string): L {
  const next = { ...line, price };
  return { ...next, sum: sumOf(next) };
}

export function withSum<L extends LineMoney>(line: L, sum: string): L {
  const next = { ...line, sum };
  return { ...next, price: priceOf(next) };
}

/** Kopecks of all lines whose sum is understood. */
export function totalOf(lines: readonly LineMoney[]): string {
  return decimal(
    lines.reduce((total, { sum }) => total + (scaled(sum, 2) ?? 0n), 0n),
    2,
  );
}

/** In how many whole packages so much comes; null where that can't be told. */
export function packagesOf(quantity: string, inPackage: string): string | null {
  const [amount, one] = [scaled(quantity, QUANTITY_PLACES), scaled(inPackage, QUANTITY_PLACES)];
  return amount === null || one === null || one === 0n ? null : String((amount + one - 1n) / one);
}

/** Ten-thousandths of the unit of write-off. */
export function partsOf(quantity: string, factor: string): bigint {
  return (
    ((scaled(quantity, QUANTITY_PLACES) ?? 0n) * (scaled(factor, FACTOR_PLACES) ?? 0n)) / 10n ** BigInt(FACTOR_PLACES)
  );
}

/** The quantity of a line without so many parts, rounded down to what can be written. */
export function withoutParts(quantity: string, factor: string, parts: bigint): string {
  const one = scaled(factor, FACTOR_PLACES) ?? 1n;
  return decimal(((partsOf(quantity, factor) - parts) * 10n ** BigInt(FACTOR_PLACES)) / one, QUANTITY_PLACES);
}

/** What was counted, by `factor` units of write-off each, without what there should have been; null while it isn't understood. */
export function differenceOf(counted: string, factor: string, book: string): string | null {
  if (!readNumber(counted, COUNTED).ok) return null;
  const sign = book.startsWith('-') ? -1n : 1n;
  const there = sign * (scaled(book.replace(/^-/, ''), QUANTITY_PLACES) ?? 0n);
  const parts = partsOf(counted, factor) - there;
  return parts < 0n ? `-${decimal(-parts, QUANTITY_PLACES)}` : decimal(parts, QUANTITY_PLACES);
}

function sumOf({ quantity, price }: LineMoney): string {
  const [amount, one] = [amountOf(quantity), scaled(price, 2)];
  return amount === null || one === null ? '' : decimal(divided(amount * one, 10n ** BigInt(QUANTITY_PLACES)), 2);
}

function priceOf({ quantity, sum }: LineMoney): string {
  const [amount, all] = [amountOf(quantity), scaled(sum, 2)];
  return amount === null || amount === 0n || all === null
    ? ''
    : decimal(divided(all * 10n ** BigInt(QUANTITY_PLACES), amount), 2);
}

function amountOf(quantity: string): bigint | null {
  return readNumber(quantity, QUANTITY).ok ? scaled(quantity, QUANTITY_PLACES) : null;
}
