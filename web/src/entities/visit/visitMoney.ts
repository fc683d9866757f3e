/**
 * What a visit comes to, in whole kopecks, as the server reckons it (`aggregates/money/discounts.py`): a line's discount first, then the
 * visit's on the rest, shared by the largest remainder.
 */
import { decimal, divided, scaled } from '@/lib/typed/decimals';
import type { VisitDiscount } from './visitLines';

const QUANTITY_PLACES = 4;
const HUNDRED_PERCENT = 10_000n;

export interface Amount {
  readonly gross: bigint;
  readonly discount: bigint;
  readonly net: bigint;
}

export interface Amounts extends Amount {
  readonly lines: readonly Amount[];
}

export interface PricedLine {
  readonly price: string;
  readonly quantity: string | number;
  readonly discount: VisitDiscount | null;
}

/** A line whose price or quantity isn't understood comes to nothing yet. */
export function amountsOf(lines: readonly PricedLine[], discount: VisitDiscount | null): Amounts {
  const gross = lines.map(({ price, quantity }) => {
    const [one, times] = [scaled(price, 2), scaled(String(quantity), QUANTITY_PLACES)];
    return one === null || times === null ? 0n : divided(one * times, 10n ** BigInt(QUANTITY_PLACES));
  });
  const rest = gross.map((whole, at) => whole - taken(whole, lines[at]?.discount ?? null));
  const shares = shared(taken(sum(rest), discount), rest);
  const each = gross.map((whole, at) => amount(whole, (rest[at] ?? 0n) - (shares[at] ?? 0n)));
  const all = amount(
    sum(gross),
    each.reduce((total, { net }) => total + net, 0n),
  );
  return { ...all, lines: each };
}

/** `total` by these weights; of equal remainders the first is first. */
export function shared(total: bigint, weights: readonly bigint[]): bigint[] {
  const whole = sum(weights);
  if (whole === 0n) return weights.map(() => 0n);
  const shares = weights.map((weight) => (total * weight) / whole);
  const remainders = weights.map((weight, at) => ({ at, left: (total * weight) % whole }));
  remainders.sort((one, other) => (one.left === other.left ? one.at - other.at : one.left > other.left ? -1 : 1));
  for (const { at } of remainders.slice(0, Number(total - sum(shares)))) shares[at] = (shares[at] ?? 0n) + 1n;
  return shares;
}

/** Rubles as an exact decimal. */
export function inRubles(kopecks: bigint): string {
  return decimal(kopecks, 2);
}

function taken(kopecks: bigint, discount: VisitDiscount | null): bigint {
  const given = discount === null ? null : scaled(discount.amount, 2);
  if (discount === null || given === null) return 0n;
  const reduced = discount.kind === 'sum' ? given : divided(kopecks * given, HUNDRED_PERCENT);
  return reduced > kopecks ? kopecks : reduced;
}

function amount(gross: bigint, net: bigint): Amount {
  return { gross, discount: gross - net, net };
}

function sum(parts: readonly bigint[]): bigint {
  return parts.reduce((total, part) => total + part, 0n);
}
