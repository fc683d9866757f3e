/** The fields of a catalogue's entry as the form holds them: texts, exact decimals, flags, ids of what is referred to. */
import type { Catalogue, CatalogueField, Entry, EntryFields } from '@/entities/catalogue/queries';
import { among, faultsIn } from '@/lib/api/faults';
import type { Card, Value } from '@/lib/cardEdits';
import { formatPhone } from '@/lib/text';
import { formatNumber, shortest } from '@/lib/typed/numbers';

export function emptyCard(catalogue: Catalogue): Card {
  return Object.fromEntries(catalogue.fields.map((field) => [field.name, emptyValue(field)]));
}

function emptyValue({ type, required }: CatalogueField): Value {
  if (type === 'flag') return false;
  if (type === 'factor') return '1';
  return type === 'money' && !required ? '0' : '';
}

export function cardOf(catalogue: Catalogue, entry: Entry): Card {
  return Object.fromEntries(catalogue.fields.map((field) => [field.name, shown(field, entry.fields[field.name])]));
}

function shown({ type }: CatalogueField, value: EntryFields[string] | undefined): Value {
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
  return type === 'factor' ? formatNumber(text) : text;
}

export type Faults = Readonly<Record<string, string | undefined>>;

/** Required fields that say nothing. */
export function missing(catalogue: Catalogue, card: Card): Faults {
  return Object.fromEntries(
    catalogue.fields
      .filter(({ name, required }) => required && String(card[name] ?? '').trim() === '')
      .map(({ name }) => [name, 'Это поле нужно заполнить.']),
  );
}

/** The fields that a refusal names, each with its reason. */
export function faultsOfRefusal(catalogue: Catalogue, card: Card, error: unknown): Faults {
  const found = faultsIn<string>(error, among(Object.keys(card)), {
    name_taken: () => 'name',
    entry_deleted: ({ facts }) =>
      catalogue.fields.find(({ name }) => card[name] !== '' && card[name] === facts.entry_id)?.name,
  });
  return found ?? {};
}
