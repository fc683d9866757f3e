/** Sums typed beside desks, a certificate and the organisation that owes, as the draft of a payment has them and as they are sent. */
import { fromKopecks } from '@/lib/text';
import type { Settlement, TypedPart } from './paymentDraft';
import type { Certificate, NewPayments, PaymentStart } from './queries';

/** The part that no desk takes: the organisation owes it. */
export const OWED = 'owed';

export type Sums = Readonly<Record<string, string>>;
export type PayingStart = Pick<PaymentStart, 'desks' | 'certificates' | 'moment'>;

export function typedParts(start: PayingStart, sums: Sums, certificate: Certificate | null, owes: boolean): TypedPart[] {
  const typed = (id: string) => sums[id] ?? '';
  return [
    ...start.desks.map(({ id, kind }) => ({ id, kind, sum: typed(id) })),
    ...(certificate === null
      ? []
      : [{ id: certificate.id, kind: 'certificate' as const, sum: typed(certificate.id) }]),
    ...(owes ? [{ id: OWED, kind: 'owed' as const, sum: typed(OWED) }] : []),
  ];
}

export function sentPart({ id, kind, sum, handed }: Settlement['parts'][number]): NonNullable<NewPayments['parts']>[number] {
  return {
    owed: kind === 'owed',
    ...(kind === 'owed' ? {} : kind === 'certificate' ? { certificate_id: id } : { desk_id: id }),
    sum: fromKopecks(sum),
    ...(handed === null ? {} : { handed: fromKopecks(handed) }),
  };
}
