/** What a window of payment comes to: sums typed beside desks, with change from cash, earlier prepayments and certificates. */
import { kopecks } from '@/lib/text';

/** What is typed and not understood counts as nothing; the field says so. */
const SUM = /^\d+(\.\d{1,2})?$/;

export type DeskKind = 'cash' | 'terminal' | 'bank';

/** What is typed beside a desk, a certificate or the organisation that owes it; '' for nothing. */
export interface TypedPart {
  readonly id: string;
  readonly kind: DeskKind | 'certificate' | 'owed';
  readonly sum: string;
}

export interface Payable {
  readonly id: string;
  readonly due: string;
}

export interface Prepaid {
  readonly id: string;
  readonly rest: string;
}

export interface Draft {
  readonly parts: readonly TypedPart[];
  /** Visits to be paid, in this order. */
  readonly visits: readonly Payable[];
  /** Payments to be used first, in this order. */
  readonly prepayments: readonly Prepaid[];
  /** What is more than that stays as prepayment, rather than being given back. */
  readonly keepsRest: boolean;
}

/** Kopecks. */
export interface Settlement {
  readonly due: number;
  readonly fromPrepayments: number;
  /** To be paid now. */
  readonly toPay: number;
  /** Still lacking; what lacks stays a debt. */
  readonly missing: number;
  /** Given back from cash. */
  readonly change: number;
  /** More than is due, by other means than cash: it stays as prepayment or is refused. */
  readonly over: number;
  readonly parts: readonly { id: string; kind: TypedPart['kind']; sum: number; handed: number | null }[];
  readonly prepayments: readonly { id: string; sum: number }[];
  readonly visits: readonly { id: string; sum: number }[];
}

export function settle({ parts, visits, prepayments, keepsRest }: Draft): Settlement {
  const due = visits.reduce((total, visit) => total + kopecks(visit.due), 0);
  const used = shared(due, prepayments, ({ rest }) => kopecks(rest));
  const fromPrepayments = sumOf(used);
  const toPay = due - fromPrepayments;
  const typed = parts.map((part) => ({ ...part, sum: SUM.test(part.sum) ? kopecks(part.sum) : 0 }));
  const cashless = sumOf(typed.filter(({ kind }) => kind !== 'cash'));
  let left = Math.max(0, toPay - cashless); // what cash may pay; more than that is change
  const taken = typed.map(({ id, kind, sum }) => {
    if (kind !== 'cash' || keepsRest) return { id, kind, sum, handed: null };
    const paid = Math.min(sum, left);
    left -= paid;
    return { id, kind, sum: paid, handed: sum > paid ? sum : null };
  });
  const paid = sumOf(taken);
  const covered = fromPrepayments + Math.min(paid, toPay);
  return {
    due,
    fromPrepayments,
    toPay,
    missing: Math.max(0, toPay - paid),
    change: sumOf(typed) - paid,
    over: Math.max(0, paid - toPay),
    parts: taken.filter(({ sum }) => sum > 0),
    prepayments: used,
    visits: shared(covered, visits, (visit) => kopecks(visit.due)),
  };
}

/** What beside this part is still to be paid: for the key that fills it in. */
export function restFor(id: string, draft: Draft): number {
  const others = draft.parts.filter((part) => part.id !== id);
  return settle({ ...draft, parts: others, keepsRest: true }).missing;
}

function shared<T extends { id: string }>(amount: number, among: readonly T[], most: (one: T) => number) {
  let left = amount;
  return among
    .map((one) => {
      const sum = Math.min(left, most(one));
      left -= sum;
      return { id: one.id, sum };
    })
    .filter(({ sum }) => sum > 0);
}

function sumOf(parts: readonly { sum: number }[]): number {
  return parts.reduce((total, { sum }) => total + sum, 0);
}
