/** A service as the form holds it. */
import type { Ref, Service } from '@/lib/api/model';
import { isProblem } from '@/lib/api/problem';
import type { NewService } from '@/lib/api/services';

export interface UsedMaterial {
  goods: Ref;
  unit: string;
  /** As typed. */
  quantity: string;
}

export interface Typed {
  name: string;
  category_id: string;
  unit_id: string;
  price: number | string;
  duration: number | string;
  online: boolean;
  /** Ids; none: every doctor. */
  doctors: readonly string[];
  norms: readonly UsedMaterial[];
}

export const EMPTY: Typed = {
  name: '',
  category_id: '',
  unit_id: '',
  price: '',
  duration: 30,
  online: false,
  doctors: [],
  norms: [],
};

export function typedOf(service: Service): Typed {
  const { name, category_id, unit_id, price, duration, online, doctors, norms } = service;
  return {
    name,
    category_id: category_id ?? '',
    unit_id: unit_id ?? '',
    price,
    duration,
    online,
    doctors: doctors.map(({ id }) => id),
    norms: norms.map((norm) => ({ ...norm, quantity: norm.quantity.replace('.', ',') })),
  };
}

export function fieldsOf(typed: Typed): NewService {
  return {
    name: typed.name.trim(),
    category_id: typed.category_id === '' ? null : typed.category_id,
    unit_id: typed.unit_id === '' ? null : typed.unit_id,
    price: Number(typed.price).toFixed(2),
    duration: Number(typed.duration),
    online: typed.online,
    doctors: [...typed.doctors],
    norms: typed.norms.map(({ goods, quantity }) => ({ goods_id: goods.id, quantity: quantity.trim() })),
  };
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

/** A refusal at the field that it speaks of. */
export function refusedIn(typed: Typed, error: unknown): Faults {
  if (isProblem(error, 'wrong_value')) {
    const { field } = error.facts;
    return typeof field === 'string' && field in typed ? { [field]: error.message } : {};
  }
  if (isProblem(error, 'not_a_doctor', 'employee_deleted')) return { doctors: error.message };
  if (isProblem(error, 'entry_deleted')) {
    const { entry_id } = error.facts;
    if (typed.norms.some(({ goods }) => goods.id === entry_id)) return { norms: error.message };
    return { [typed.unit_id === entry_id ? 'unit_id' : 'category_id']: error.message };
  }
  return {};
}
