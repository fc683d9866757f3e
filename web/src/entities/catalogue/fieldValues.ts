/** Values of declared fields as forms hold them: texts, exact decimals, flags, ids of what is referred to. */
import type { Value } from '@/lib/cardEdits';
import { formatPhone } from '@/lib/text';
import { formatNumber, shortest } from '@/lib/typed/numbers';
import type { CatalogueField, EntryFields } from './queries';

export function emptyValue({ type, required }: CatalogueField): Value {
  if (type === 'flag') return false;
  if (type === 'factor') return '1';
  return type === 'money' && !required ? '0' : '';
}

/** A stored value as the form holds it. */
export function typedValue({ type }: CatalogueField, value: EntryFields[string] | undefined): Value {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value;
  const text = String(value);
  if (type === 'money' || type === 'factor') return shortest(text);
  return type === 'phone' ? formatPhone(text) : text;
}

/** A value of the form in words. */
export function formatValue({ type }: CatalogueField, value: Value): string {
  const text = String(value);
  if (type === 'money') return formatNumber(text, '₽');
  if (type === 'percent' && text !== '') return formatNumber(text, '%');
  return type === 'factor' ? formatNumber(text) : text;
}
