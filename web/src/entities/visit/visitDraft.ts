import { faultsIn, type FaultsOf } from '@/lib/api/faults';
import type { NewPatient, NewVisit, Ref, Service, Visit, VisitCard, VisitChange, VisitLine } from '@/lib/api/model';
import { nameKey, rubles } from '@/lib/text';
import { formatNumber } from '@/lib/typed/numbers';
import {
  addMinutes,
  clock,
  dateOf,
  isLocalDate,
  type LocalDate,
  type LocalMoment,
  minuteOf,
  minutesBetween,
  momentAt,
  parseClock,
} from '@/lib/time';
import type { PatientChoice } from '@/entities/patient/patientChoice';
import {
  type GoodsDraft,
  goodsOf,
  isNewService,
  type MaterialDraft,
  materialsOf,
  newServiceId,
  sentGoods,
  sentLine,
  shownDiscount,
  type VisitDiscount,
} from './visitLines';
import { amountsOf, inRubles } from './visitMoney';

/** A visit as the form holds it. */
export interface VisitDraft {
  patient: PatientChoice | null;
  doctorId: string | null;
  /** While it is half typed, or no date: the text. */
  date: LocalDate;
  /** «09:20»; while it is half typed, or no time: the text. */
  start: string;
  /** Minutes; null while the field is empty. */
  duration: number | null;
  lines: VisitLine[];
  room: string;
  comment: string;
  goods: GoodsDraft[];
  /** Of the whole visit. */
  discount: VisitDiscount | null;
  /** null: those of the services' norms. */
  materials: MaterialDraft[] | null;
  /** What goods and materials leave; null: that of the settings. */
  warehouse: Ref | null;
}

const DAY = 24 * 60;

export function draftAt(startsAt: LocalMoment, duration: number, doctorId: string | null): VisitDraft {
  return {
    patient: null,
    doctorId,
    date: dateOf(startsAt),
    start: clock(minuteOf(startsAt)),
    duration,
    lines: [],
    room: '',
    comment: '',
    goods: [],
    discount: null,
    materials: null,
    warehouse: null,
  };
}

export function draftOf(visit: VisitCard): VisitDraft {
  return {
    patient: visit.patient,
    doctorId: visit.doctor?.id ?? null,
    date: dateOf(visit.starts_at),
    start: clock(minuteOf(visit.starts_at)),
    duration: minutesBetween(visit.starts_at, visit.ends_at),
    lines: visit.lines.map((line) => ({ ...line, discount: shownDiscount(line.discount) })),
    room: visit.room,
    comment: visit.comment,
    goods: goodsOf(visit.document),
    discount: shownDiscount(visit.document.discount),
    materials: materialsOf(visit.document),
    warehouse: visit.document.warehouse,
  };
}

/**
 * What is typed and changed as a whole: a start that a colleague moved to another day is not mixed with an hour typed here for
 * the former one.
 */
export type VisitFields = Omit<VisitDraft, 'date' | 'start'> & { at: Pick<VisitDraft, 'date' | 'start'> };

export function fieldsOf({ date, start, ...rest }: VisitDraft): VisitFields {
  return { ...rest, at: { date, start } };
}

export function withFields({ at, ...rest }: VisitFields): VisitDraft {
  return { ...rest, ...at };
}

/** What decides whether the visit fits. */
export type VisitTime = Pick<VisitDraft, 'doctorId' | 'date' | 'start' | 'duration'>;

export function startOf(draft: Pick<VisitTime, 'date' | 'start'>): LocalMoment | null {
  const minute = parseClock(draft.start);
  return minute === null || minute >= DAY || !isLocalDate(draft.date) ? null : momentAt(draft.date, minute);
}

export function endOf(draft: VisitTime): LocalMoment | null {
  const start = startOf(draft);
  return start === null || draft.duration === null ? null : addMinutes(start, draft.duration);
}

/** How long the services take together, in minutes. */
export function durationOf(lines: readonly VisitLine[], services: readonly Service[]): number {
  const known = new Map(services.map((service) => [service.id, service.duration]));
  return lines.reduce((sum, line) => sum + (known.get(line.service_id) ?? 0) * line.quantity, 0);
}

/** What services and goods come to with all discounts. */
export function totalOf({
  lines,
  goods,
  discount,
}: {
  lines: readonly VisitLine[];
  goods: readonly GoodsDraft[];
  discount: VisitDiscount | null;
}): string {
  return inRubles(amountsOf([...lines, ...goods], discount).net);
}

export type VisitFault = FaultsOf<'patient' | 'doctor' | 'date' | 'start' | 'duration' | 'room' | 'comment'>;

/** What the server calls the fields. */
const FIELDS: Readonly<Record<string, keyof VisitFault>> = {
  patient_id: 'patient',
  doctor_id: 'doctor',
  starts_at: 'start',
  ends_at: 'duration',
  room: 'room',
  comment: 'comment',
};

/** The fields that a refusal names, each with its reason; null where it names none of these. */
export function faultsOfRefusal(error: unknown): VisitFault | null {
  return faultsIn(error, (field) => FIELDS[field]);
}

const LINE = /^(lines|goods|materials)\.\d+\.\w+$|^(lines|goods|materials|discount|warehouse_id)$/;

/** What a refusal says of lines, by the server's names of their fields. */
export function linesRefusal(error: unknown): Readonly<Record<string, string>> {
  return (faultsIn<string>(error, (field) => (LINE.test(field) ? field : undefined)) ?? {}) as Readonly<
    Record<string, string>
  >;
}

export function faultsOf(draft: VisitDraft, doctorRequired: boolean, newPatient = false): VisitFault {
  const faults: VisitFault = {};
  if (draft.patient === null && !newPatient) faults.patient = 'Выберите пациента';
  if (draft.doctorId === null && doctorRequired) faults.doctor = 'Выберите врача';
  if (!isLocalDate(draft.date)) faults.date = 'Укажите дату';
  if ((parseClock(draft.start) ?? DAY) >= DAY) faults.start = 'Укажите время';
  if (draft.duration === null || draft.duration <= 0) faults.duration = 'Укажите длительность';
  else if (draft.duration > DAY) faults.duration = 'Не дольше суток';
  return faults;
}

/** What the server asks for where the user sees only their own patients and this is another's: what the patient was found by. */
function phoneOrCardNumber(patient: PatientChoice): string {
  return patient.phone || patient.card_number;
}

/** `newPatient`: whose card is created with the visit, where none is chosen. */
export function toNewVisit(draft: VisitDraft, newPatient: NewPatient | null = null): NewVisit {
  const start = startOf(draft);
  const end = endOf(draft);
  const { patient } = draft;
  if (start === null || end === null || (patient === null && newPatient === null)) {
    throw new Error('a draft with faults is not sent');
  }
  return {
    ...(patient === null ? { new_patient: newPatient } : { patient_id: patient.id }),
    phone_or_card_number: patient === null ? '' : phoneOrCardNumber(patient),
    doctor_id: draft.doctorId,
    starts_at: start,
    ends_at: end,
    lines: draft.lines.map((line) => sentLine(line, [], false)),
    room: draft.room.trim(),
    comment: draft.comment.trim(),
  };
}

/** A service typed by name, which the server creates when the visit is saved. */
export function newLine(name: string): VisitLine {
  const written = name.trim().replace(/\s+/g, ' ');
  return {
    service_id: newServiceId(name),
    name: written,
    price: '0',
    quantity: 1,
    discount: null,
    performers: [],
    tax_code: '',
  };
}

export function addedLine({ id, name, price }: Pick<Service, 'id' | 'name' | 'price'>): VisitLine {
  return { service_id: id, name, price, quantity: 1, discount: null, performers: [], tax_code: '' };
}

/** Lines of a draft after the server has created the services that they named. */
export function settled(lines: readonly VisitLine[], stored: readonly VisitLine[]): VisitLine[] {
  return lines.map((line) => {
    const made = isNewService(line) ? stored.find(({ name }) => nameKey(name) === nameKey(line.name)) : undefined;
    return made ? { ...line, service_id: made.service_id, name: made.name } : line;
  });
}

/** What the draft changes of the stored visit; an empty object when nothing. `mayPrice`: other prices than there are too. */
export function changeOf(visit: VisitCard, draft: VisitDraft, mayPrice = true): VisitChange {
  const stored = draftOf(visit);
  const change: VisitChange = {};
  const start = startOf(draft);
  const end = endOf(draft);
  if (draft.patient !== null && draft.patient.id !== visit.patient.id) {
    change.patient_id = draft.patient.id;
    change.phone_or_card_number = phoneOrCardNumber(draft.patient);
  }
  if (draft.doctorId !== (visit.doctor?.id ?? null)) change.doctor_id = draft.doctorId;
  if (start !== null && end !== null && (!sameMoment(start, visit.starts_at) || !sameMoment(end, visit.ends_at))) {
    change.starts_at = start;
    change.ends_at = end;
  }
  if (!same(draft.lines, stored.lines)) change.lines = draft.lines.map((one) => sentLine(one, visit.lines, mayPrice));
  if (!same(draft.goods, stored.goods)) change.goods = draft.goods.map((one) => sentGoods(one, stored.goods, mayPrice));
  if (!same(draft.discount, stored.discount)) change.discount = draft.discount;
  if (!same(draft.materials, stored.materials)) {
    change.materials = draft.materials?.map(({ id, quantity }) => ({ goods_id: id, quantity })) ?? null;
  }
  if (draft.warehouse?.id !== stored.warehouse?.id) change.warehouse_id = draft.warehouse?.id ?? null;
  if (draft.room.trim() !== visit.room) change.room = draft.room.trim();
  if (draft.comment.trim() !== visit.comment) change.comment = draft.comment.trim();
  return change;
}

function sameMoment(one: LocalMoment, other: LocalMoment): boolean {
  return one.slice(0, 16) === other.slice(0, 16);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Fields that can differ between two states of a visit, in words: what a colleague changed meanwhile. */
export function differences(before: VisitCard, after: VisitCard): { label: string; old: string; new: string }[] {
  const rows: [string, string, string][] = [
    ['Пациент', before.patient.name, after.patient.name],
    ['Врач', before.doctor?.name ?? 'без врача', after.doctor?.name ?? 'без врача'],
    ['Время', period(before), period(after)],
    ['Услуги', servicesInWords(before), servicesInWords(after)],
    ['Товары', goodsInWords(before), goodsInWords(after)],
    ['Скидка на визит', discountInWords(before), discountInWords(after)],
    ['Материалы', materialsInWords(before), materialsInWords(after)],
    ['Склад', before.document.warehouse?.name ?? '', after.document.warehouse?.name ?? ''],
    ['Кабинет', before.room, after.room],
    ['Комментарий', before.comment, after.comment],
  ];
  return rows
    .filter(([, old, now]) => old !== now)
    .map(([label, old, now]) => ({ label, old: old || '—', new: now || '—' }));
}

function discountOf(discount: VisitDiscount | null): string {
  if (discount === null) return '';
  return discount.kind === 'percent' ? `${formatNumber(discount.amount)} %` : rubles(discount.amount);
}

function reduced(discount: VisitDiscount | null): string {
  return discount === null ? '' : `, скидка ${discountOf(discount)}`;
}

const servicesInWords = ({ lines }: Visit) =>
  lines.map((line) => `${line.name} × ${line.quantity} по ${rubles(line.price)}${reduced(line.discount)}`).join('; ');

const goodsInWords = ({ document }: VisitCard) =>
  document.goods
    .map((line) => `${line.name} × ${formatNumber(line.quantity)} по ${rubles(line.price)}${reduced(line.discount)}`)
    .join('; ');

const discountInWords = ({ document }: VisitCard) => discountOf(document.discount);

const materialsInWords = ({ document }: VisitCard) =>
  document.materials?.map(({ goods, quantity }) => `${goods.name} ${formatNumber(quantity)}`).join('; ') ?? 'по нормам';

function period(visit: Visit): string {
  const date = dateOf(visit.starts_at).split('-').reverse().join('.');
  return `${date} ${visit.starts_at.slice(11, 16)}–${visit.ends_at.slice(11, 16)}`;
}
