import { objectTypeValues, type components } from './schema';

/** Types of objects that the journal and histories speak of, as the API lists them. */
export type ObjectType = components['schemas']['ObjectType'];

const OBJECT_TYPES: ReadonlySet<unknown> = new Set(objectTypeValues);

export function isObjectType(value: unknown): value is ObjectType {
  return OBJECT_TYPES.has(value);
}
