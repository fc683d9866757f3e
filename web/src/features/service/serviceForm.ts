/** A service as the form holds it. */
import type { Ref, Service } from '@/lib/api/model';
import { among, faultsIn } from '@/lib/api/faults';
import { choices } from '@/lib/api/labels';
import { rubles } from '@/lib/text';
import { formatDuration } from '@/lib/time';
import { shortest } from '@/lib/typed/numbers';
import type { NewService, ServiceChange } from '@/entities/service/queries';

export const VATS = choices.ServiceChange.vat;

export interface UsedMaterial {
  goods: Ref;
  unit: string;
  /** An exact decimal; while it is none, what is typed. */
  quantity: string;
}

export interface Typed {
  name: string;
  category_id: string;
  unit_id: string;
  /** An exact decimal; while it is none, what is typed. */
  price: string;
  /** Minutes as a text, the same way. */
  duration: string;
  online: boolean;
  /** '': as the settings have it. */
  vat: NonNullable<NewService['vat']>;
  tax_code: '1' | '2';
  /** Ids; none: every doctor. */
  doctors: ReadonlySet<string>;
  norms: readonly UsedMaterial[];
}

export const EMPTY: Typed = {
  name: '',
  category_id: '',
  unit_id: '',
  price: '',
  duration: '30',
  online: false,
  vat: '',
  tax_code: '1',
  doctors: new Set(),
  norms: [],
};

export function typedOf(service: Service): Typed {
  const { name, category_id, unit_id, price, duration, online, vat, tax_code, doctors, norms } = service;
  return {
    name,
    category_id: category_id ?? '',
    unit_id: unit_id ?? '',
    price: shortest(price),
    duration: String(duration),
    online,
    vat: vat as Typed['vat'],
    tax_code,
    doctors: new Set(doctors.map(({ id }) => id)),
    norms: norms.map((norm) => ({ ...norm, quantity: shortest(norm.quantity) })),
  };
}

export function fieldsOf(typed: Typed): NewService {
  return {
    name: typed.name.trim(),
    category_id: typed.category_id === '' ? null : typed.category_id,
    unit_id: typed.unit_id === '' ? null : typed.unit_id,
    price: typed.price,
    duration: Number(typed.duration),
    online: typed.online,
    vat: typed.vat,
    tax_code: typed.tax_code,
    doctors: [...typed.doctors],
    norms: typed.norms.map(({ goods, quantity }) => ({ goods_id: goods.id, quantity: quantity.trim() })),
  };
}

/** Only the fields that were changed here: what others changed meanwhile stays. */
export function changeOf(saved: Typed, sending: Partial<Typed>): ServiceChange {
  return Object.fromEntries(Object.entries(fieldsOf({ ...saved, ...sending })).filter(([field]) => field in sending));
}

/** A field of the stored service in words. */
export function formatField(service: Service | null, field: keyof Typed): string {
  if (service === null) return '';
  const { name, category, unit, price, duration, online, vat, tax_code, norms, doctors } = service;
  const words: { [F in keyof Typed]: string } = {
    name,
    category_id: category,
    unit_id: unit,
    price: rubles(price),
    duration: formatDuration(duration),
    online: online ? 'да' : 'нет',
    vat: vat === '' ? 'по настройкам клиники' : VATS[vat as keyof typeof VATS],
    tax_code: choices.ServiceChange.tax_code[tax_code],
    doctors: doctors.map((doctor) => doctor.name).join(', '),
    norms: norms.map((norm) => `${norm.goods.name} ${norm.quantity.replace('.', ',')} ${norm.unit}`).join(', '),
  };
  return words[field];
}

type Faults = Partial<Record<keyof Typed, string>>;

export function faultsOf(typed: Typed): Faults {
  return {
    ...(typed.name.trim() === '' ? { name: 'Укажите наименование' } : {}),
    ...(typed.price === '' ? { price: 'Укажите цену' } : {}),
    ...(typed.duration === '' ? { duration: 'Укажите продолжительность' } : {}),
    ...(typed.norms.some(({ quantity }) => quantity.trim() === '') ? { norms: 'Укажите количество' } : {}),
  };
}

/** The fields that a refusal names, each with its reason. */
export function faultsOfRefusal(typed: Typed, error: unknown): Faults {
  const found = faultsIn(error, among(Object.keys(typed) as (keyof Typed)[]), {
    not_a_doctor: () => 'doctors',
    employee_deleted: () => 'doctors',
    entry_deleted: ({ facts: { entry_id } }) => {
      if (typed.norms.some(({ goods }) => goods.id === entry_id)) return 'norms';
      return typed.unit_id === entry_id ? 'unit_id' : 'category_id';
    },
  });
  return found ?? {};
}
