/** The fields of a catalogue's entry as the form holds them: texts, exact decimals, flags, ids of what is referred to. */
import { emptyValue, typedValue } from '@/entities/catalogue/fieldValues';
import type { Catalogue, Entry } from '@/entities/catalogue/queries';
import { among, faultsIn } from '@/lib/api/faults';
import type { Card } from '@/lib/cardEdits';

export function emptyCard(catalogue: Catalogue): Card {
  return Object.fromEntries(catalogue.fields.map((field) => [field.name, emptyValue(field)]));
}

export function cardOf(catalogue: Catalogue, entry: Entry): Card {
  return Object.fromEntries(catalogue.fields.map((field) => [field.name, typedValue(field, entry.fields[field.name])]));
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
