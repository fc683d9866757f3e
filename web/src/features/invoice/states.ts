/** Words of what became of an invoice. */
import { formatDate } from '@/lib/time';
import type { InvoiceItem } from './queries';

export const STATES = {
  issued: 'выставлен',
  partly_paid: 'оплачен частично',
  paid: 'оплачен',
  annulled: 'аннулирован',
} as const;
export type State = keyof typeof STATES;

export const LIKE = { issued: 'planned', partly_paid: 'arrived', paid: 'completed', annulled: 'planned' } as const;

export function isState(value: unknown): value is State {
  return typeof value === 'string' && value in STATES;
}

/** «01.11.2026 – 30.11.2026», «по 30.11.2026». */
export function periodOf({ first, last }: Pick<InvoiceItem, 'first' | 'last'>): string {
  return first === null ? `по ${formatDate(last)}` : `${formatDate(first)} – ${formatDate(last)}`;
}
