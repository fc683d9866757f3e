/** A scheme of pay as its form holds it. */
import type { NewScheme, Scheme, SchemeChange } from '@/entities/payroll/queries';
import { faultsIn } from '@/lib/api/faults';
import { choices } from '@/lib/api/labels';
import { isLocalDate } from '@/lib/time';
import { shortest } from '@/lib/typed/numbers';

export const BASES = choices.PaySchemeChange.base;
export const PRICES = choices.PaySchemeChange.price;
export const GRIDS = choices.PaySchemeChange.grid;
export const ACTS = choices.PaySchemeChange.visit_acts;
export const PERCENT = { decimals: 2, unit: '%', min: 0, max: 100 };

export interface DraftRate {
  /** «service:<id>» or «category:<id>»; '' while nothing is chosen. */
  readonly item: string;
  readonly percent: string;
}

export interface DraftStep {
  readonly above: string;
  readonly percent: string;
}

export interface Typed {
  employee_id: string;
  starts_on: string;
  ends_on: string;
  base: keyof typeof BASES;
  price: keyof typeof PRICES;
  minus_materials: boolean;
  service_percent: string;
  goods_percent: string;
  certificate_percent: string;
  acquiring: string;
  visit_acts: keyof typeof ACTS;
  visit_percent: string;
  visit_sum: string;
  grid: keyof typeof GRIDS;
  monthly: string;
  shift: string;
  full_shift: number;
  hour: string;
  guarantee: string;
  comment: string;
  rates: readonly DraftRate[];
  steps: readonly DraftStep[];
}

export const EMPTY_RATE: DraftRate = { item: '', percent: '' };

export function emptyOf(today: string): Typed {
  return {
    employee_id: '',
    starts_on: `${today.slice(0, 8)}01`,
    ends_on: '',
    base: 'done',
    price: 'net',
    minus_materials: false,
    service_percent: '',
    goods_percent: '',
    certificate_percent: '',
    acquiring: '',
    visit_acts: '',
    visit_percent: '',
    visit_sum: '',
    grid: '',
    monthly: '',
    shift: '',
    full_shift: 8,
    hour: '',
    guarantee: '',
    comment: '',
    rates: [],
    steps: [],
  };
}

const AMOUNTS = [
  'service_percent',
  'goods_percent',
  'certificate_percent',
  'acquiring',
  'visit_percent',
  'visit_sum',
  'monthly',
  'shift',
  'hour',
  'guarantee',
] as const;
export type Amount = (typeof AMOUNTS)[number];

/** An empty field for nothing. */
const filled = (amount: string) => (Number(amount) === 0 ? '' : shortest(amount));

export function typedOf({ fields, rates, steps }: Scheme): Typed {
  return {
    ...fields,
    employee_id: fields.employee_id ?? '',
    ...(Object.fromEntries(AMOUNTS.map((name) => [name, filled(fields[name])])) as Record<Amount, string>),
    rates: rates.map(({ kind, item_id: id, percent }) => ({ item: `${kind}:${id}`, percent: shortest(percent) })),
    steps: steps.map(({ above, percent }) => ({ above: shortest(above), percent: shortest(percent) })),
  };
}

function sent({ rates, steps, ...fields }: Partial<Typed>): SchemeChange {
  const amounts = AMOUNTS.flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [[name, value === '' ? '0' : value] as const];
  });
  return {
    ...fields,
    ...Object.fromEntries(amounts),
    ...(rates === undefined
      ? {}
      : {
          rates: typedRates(rates).map(({ item, percent }) => {
            const [kind, id] = item.split(':') as ['service' | 'category', string];
            return { kind, item_id: id, percent };
          }),
        }),
    ...(steps === undefined
      ? {}
      : { steps: steps.map(({ above, percent }) => ({ above: above || '0', percent: percent || '0' })) }),
  };
}

const typedRates = (rates: readonly DraftRate[]) => rates.filter(({ item, percent }) => item !== '' || percent !== '');

export function newOf(typed: Typed): NewScheme {
  return sent(typed) as NewScheme;
}

/** Only the fields that were changed here: what others changed meanwhile stays. */
export function changeOf(typed: Partial<Typed>): SchemeChange {
  return sent(typed);
}

type Faults = Readonly<Record<string, string | undefined>>;

export function faultsOf(typed: Typed): Faults {
  const faults: Record<string, string> = {};
  if (typed.employee_id === '') faults.employee_id = 'Выберите сотрудника';
  if (!isLocalDate(typed.starts_on)) faults.starts_on = 'Укажите дату';
  if (typed.ends_on !== '' && typed.ends_on < typed.starts_on)
    faults.ends_on = 'Схема кончается раньше, чем начинается';
  if (typed.visit_acts !== '' && isNothing(typed.visit_percent) && isNothing(typed.visit_sum))
    faults.visit_percent = 'Укажите процент или сумму';
  if (typed.rates.some(({ item, percent }) => (item === '') !== (percent === '')))
    faults.rates = 'Укажите и услугу, и процент';
  if (typed.grid !== '' && typed.steps.length === 0) faults.steps = 'Укажите ступени шкалы';
  return faults;
}

const isNothing = (amount: string) => amount === '' || Number(amount) === 0;

/** The fields that a refusal names, each with its reason. */
export function faultsOfRefusal(error: unknown): Faults {
  const known = (field: string) => {
    const [part = ''] = field.split('.');
    return part in emptyOf('') ? part : undefined;
  };
  return faultsIn<string>(error, known, { employee_deleted: () => 'employee_id' }) ?? {};
}

/** What a scheme pays, for lists: «услуги 30 %, оклад 50 000 ₽». */
export function inWords({ fields, rates, steps }: Scheme): string {
  const percent = (value: string) => `${shortest(value).replace('.', ',')} %`;
  const sum = (value: string) => `${Number(value).toLocaleString('ru-RU')} ₽`;
  const parts: string[] = [];
  if (fields.grid !== '') parts.push(`шкала ${steps.map((step) => percent(step.percent)).join(' – ')}`);
  else if (Number(fields.service_percent) > 0) parts.push(`услуги ${percent(fields.service_percent)}`);
  if (rates.length > 0) parts.push(`особых процентов ${rates.length}`);
  if (Number(fields.goods_percent) > 0) parts.push(`товары ${percent(fields.goods_percent)}`);
  if (Number(fields.certificate_percent) > 0) parts.push(`сертификаты ${percent(fields.certificate_percent)}`);
  if (fields.visit_acts !== '') {
    const paid = [
      ...(Number(fields.visit_percent) > 0 ? [percent(fields.visit_percent)] : []),
      ...(Number(fields.visit_sum) > 0 ? [sum(fields.visit_sum)] : []),
    ];
    parts.push(`визиты ${paid.join(' и ')}`);
  }
  if (Number(fields.monthly) > 0) parts.push(`оклад ${sum(fields.monthly)}`);
  if (Number(fields.shift) > 0) parts.push(`смена ${sum(fields.shift)}`);
  if (Number(fields.hour) > 0) parts.push(`час ${sum(fields.hour)}`);
  if (Number(fields.guarantee) > 0) parts.push(`не меньше ${sum(fields.guarantee)}`);
  return parts.length === 0 ? 'ничего не начисляется' : parts.join(', ');
}
