import type { components } from './schema';

export type ObjectType = components['schemas']['JournalObject']['type'];

const OBJECT_TYPES: ReadonlySet<string> = new Set<ObjectType>([
  'schedule',
  'employee',
  'patient',
  'service',
  'visit',
  'settings',
  'rights_set',
  'access',
  'unit',
  'warehouse',
  'goods_category',
  'goods',
  'counterparty',
  'cash_desk',
  'service_category',
  'patient_category',
  'source',
  'room',
  'position',
]);

export function isObjectType(value: unknown): value is ObjectType {
  return typeof value === 'string' && OBJECT_TYPES.has(value);
}
