/** What a paper of a certificate states, as the form holds it. */
import { among, faultsIn } from '@/lib/api/faults';
import type { LocalDate } from '@/lib/time';
import type { CertifiedPerson, NewTaxCertificate, TaxPaper } from './queries';

export type Who = 'payer' | 'patient';
type Part = keyof CertifiedPerson;
type PersonField = `${Who}_${Part}`;
export type Typed = Record<PersonField | 'issued_on' | 'signer' | 'signer_authority', string> & {
  same_person: boolean;
};
export type Field = keyof Typed;
export type Faults = Partial<Record<Field, string>>;

const PARTS: readonly Part[] = [
  'family_name',
  'given_name',
  'patronymic',
  'birth_date',
  'inn',
  'document_kind',
  'document_number',
  'document_issued_on',
];
const NOBODY = Object.fromEntries(PARTS.map((part) => [part, ''])) as unknown as CertifiedPerson;

/** The fields of one person. */
export function personFields(who: Who, person: CertifiedPerson): Partial<Typed> {
  return Object.fromEntries(PARTS.map((part) => [`${who}_${part}`, person[part]]));
}

export function emptyOf(today: LocalDate): Typed {
  return {
    issued_on: today,
    same_person: true,
    signer: '',
    signer_authority: '',
    ...personFields('payer', NOBODY),
    ...personFields('patient', NOBODY),
  } as Typed;
}

/** A correction starts from the latest paper, dated today. */
export function correctionOf(paper: TaxPaper, today: LocalDate): Typed {
  return { ...(paper.card as unknown as Typed), issued_on: today };
}

type Card = Omit<NewTaxCertificate, 'payer_id' | 'year' | 'code_1' | 'code_2'>;

/** As it is sent. */
export function cardOf(typed: Typed): Card {
  return typed as unknown as Card;
}

/** What has to be filled in before it can be sent. */
export function faultsOf(typed: Typed): Faults {
  const people: Who[] = typed.same_person ? ['payer'] : ['payer', 'patient'];
  const found: Faults = {};
  for (const who of people) {
    if (typed[`${who}_family_name`].trim() === '') found[`${who}_family_name`] = 'Укажите фамилию';
    if (typed[`${who}_given_name`].trim() === '') found[`${who}_given_name`] = 'Укажите имя';
    if (!/^\d{4}-\d{2}-\d{2}$/.test(typed[`${who}_birth_date`])) {
      found[`${who}_birth_date`] = 'Укажите день, месяц и год';
    }
    if (typed[`${who}_inn`].trim() === '') {
      const without = (['document_kind', 'document_number', 'document_issued_on'] as const).filter(
        (part) => typed[`${who}_${part}`].trim() === '',
      );
      if (without.length === 3) found[`${who}_inn`] = 'Укажите ИНН или документ';
      else for (const part of without) found[`${who}_${part}`] = 'Без ИНН нужен документ целиком';
    }
  }
  if (typed.signer.trim().split(/\s+/).length < 2) found.signer = 'Укажите фамилию и имя';
  return found;
}

const FIELDS = Object.keys(emptyOf('2026-01-01')) as Field[];

/** The fields that a refusal names, each with its reason. */
export function faultsOfRefusal(error: unknown): Faults {
  return faultsIn<Field>(error, among(FIELDS), { period_closed: () => 'issued_on' }) ?? {};
}
