/** A certificate as the form holds it. */
import type { Certificate } from '@/entities/payment/queries';
import { among, faultsIn } from '@/lib/api/faults';
import { formatDate, isLocalDate, type LocalMoment } from '@/lib/time';
import type { CertificateChange, NewCertificate } from './queries';

export interface Typed {
  code: string;
  /** Of the sale. */
  day: string;
  nominal: string;
  /** '' for the nominal. */
  price: string;
  desk_id: string;
  /** Ids; '' for none. */
  buyer_id: string;
  valid_until: string;
  comment: string;
}

export function emptyOf(today: string): Typed {
  return {
    code: '',
    day: today,
    nominal: '',
    price: '',
    desk_id: '',
    buyer_id: '',
    valid_until: '',
    comment: '',
  };
}

export function typedOf({ code, moment, nominal, price, desk, buyer, valid_until, comment }: Certificate): Typed {
  return {
    code,
    day: moment.slice(0, 10),
    nominal,
    price,
    desk_id: desk.id,
    buyer_id: buyer?.id ?? '',
    valid_until: valid_until ?? '',
    comment,
  };
}

/** `now`: of the clinic. One of another day was sold at some time of it. */
export function newOf({ day, price, buyer_id, ...typed }: Typed, now: LocalMoment): NewCertificate {
  return {
    ...typed,
    code: typed.code.trim(),
    price: price.trim() === '' ? typed.nominal : price,
    buyer_id: buyer_id === '' ? null : buyer_id,
    moment: day === now.slice(0, 10) ? now.slice(0, 16) : `${day}T12:00`,
  };
}

/** Only the fields that were changed here: what others changed meanwhile stays. */
export function changeOf({ code, buyer_id, valid_until, comment }: Partial<Typed>): CertificateChange {
  return {
    ...(code === undefined ? {} : { code: code.trim() }),
    ...(buyer_id === undefined ? {} : { buyer_id: buyer_id === '' ? null : buyer_id }),
    ...(valid_until === undefined ? {} : { valid_until }),
    ...(comment === undefined ? {} : { comment }),
  };
}

type Field = keyof Typed;
type Faults = Partial<Record<Field, string>>;

/** A field of the stored certificate in words. */
export function formatField(certificate: Certificate | null, field: Field): string {
  if (certificate === null) return '';
  const { buyer, valid_until } = certificate;
  if (field === 'buyer_id') return buyer?.name ?? '';
  if (field === 'valid_until') return valid_until === null ? '' : formatDate(valid_until);
  return typedOf(certificate)[field];
}

export function faultsOf({ code, day, nominal, desk_id, valid_until }: Typed): Faults {
  return {
    ...(code.trim() === '' ? { code: 'Укажите номер' } : {}),
    ...(isLocalDate(day) ? {} : { day: 'Укажите дату' }),
    ...(Number(nominal) > 0 ? {} : { nominal: 'Укажите номинал' }),
    ...(desk_id === '' ? { desk_id: 'Выберите кассу' } : {}),
    ...(valid_until === '' || isLocalDate(valid_until) ? {} : { valid_until: 'Укажите дату' }),
  };
}

const OWN = among<Field>(['code', 'nominal', 'price', 'desk_id', 'buyer_id', 'valid_until', 'comment']);

/** The fields that a refusal names, each with its reason. */
export function faultsOfRefusal(error: unknown): Faults {
  return (
    faultsIn<Field>(error, (field) => (field === 'moment' ? 'day' : OWN(field)), {
      period_closed: () => 'day',
      desk_day_closed: () => 'day',
      entry_deleted: () => 'desk_id',
    }) ?? {}
  );
}
