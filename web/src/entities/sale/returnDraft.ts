/** What a return of sold goods comes to, in kopecks, as the server reckons it (`aggregates/money/charge.py`). */
import { kopecks } from '@/lib/text';
import { divided, scaled } from '@/lib/typed/decimals';
import type { Sale } from './queries';

const PLACES = 4;

/** Goods → how much of them comes back, as typed. */
export type Counts = Readonly<Record<string, string>>;

export interface BackLine {
  readonly id: string;
  readonly quantity: string;
  readonly sum: number;
}

/** Lines with a quantity that the buyer has; `wrong`: goods of which more is typed, or what isn't a quantity. */
export function linesBack(sale: Sale, counts: Counts): { readonly lines: BackLine[]; readonly wrong: ReadonlySet<string> } {
  const lines: BackLine[] = [];
  const wrong = new Set<string>();
  for (const { goods, left, left_sum } of sale.lines) {
    const typed = counts[goods.id] ?? '';
    if (typed.trim() === '') continue;
    const [parts, all] = [scaled(typed, PLACES), scaled(left, PLACES)];
    if (parts === null || all === null || parts < 0n || parts > all) wrong.add(goods.id);
    else if (parts > 0n) {
      const whole = BigInt(kopecks(left_sum));
      lines.push({ id: goods.id, quantity: typed, sum: Number(parts === all ? whole : divided(whole * parts, all)) });
    }
  }
  return { lines, wrong };
}

/** What is paid above what the sale then comes to. */
export function excessOf(sale: Sale, back: number): number {
  const rest = Math.max(0, kopecks(sale.total) - kopecks(sale.returned) - back);
  return Math.max(0, kopecks(sale.paid) - rest);
}

/** The latest payment gives first. */
export function refundsOf(sale: Sale, amount: number): { readonly id: string; readonly sum: number }[] {
  let left = amount;
  return sale.payments
    .slice()
    .reverse()
    .map(({ id, share }) => {
      const sum = Math.min(left, kopecks(share));
      left -= sum;
      return { id, sum };
    })
    .filter(({ sum }) => sum > 0);
}
