/**
 * What a person typed into a card that others may change meanwhile. Only touched fields are kept, each with the saved value
 * that was seen when it was first touched: untouched fields follow the saved card, and a touched one that somebody else
 * changed is told as a collision instead of being overwritten unseen.
 */
export type Value = string | number | boolean;
export type Card = Readonly<Record<string, Value>>;

export interface Edit {
  readonly value: Value;
  readonly seen: Value;
}

export type CardEdits = Readonly<Record<string, Edit>>;

export const NO_CARD_EDITS: CardEdits = {};

export function typed(edits: CardEdits, saved: Card, field: string, value: Value): CardEdits {
  const seen = edits[field]?.seen ?? saved[field] ?? '';
  const rest = Object.fromEntries(Object.entries(edits).filter(([name]) => name !== field));
  return value === saved[field] ? rest : { ...rest, [field]: { value, seen } };
}

export function valueOf(edits: CardEdits, saved: Card, field: string): Value {
  return edits[field]?.value ?? saved[field] ?? '';
}

/** The touched fields that differ from what is saved: what a save sends. */
export function changed(edits: CardEdits, saved: Card): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(edits)
      .filter(([field, edit]) => edit.value !== saved[field])
      .map(([field, edit]) => [field, edit.value]),
  );
}

/** The value that somebody else saved in a field touched here; undefined where nobody did. */
export function othersValue(edits: CardEdits, saved: Card, field: string): Value | undefined {
  const edit = edits[field];
  const now = saved[field];
  return edit && now !== undefined && now !== edit.seen && now !== edit.value ? now : undefined;
}

/** After a save: what was typed while the answer was on its way stays. */
export function without(edits: CardEdits, sent: Readonly<Record<string, Value>>): CardEdits {
  return Object.fromEntries(Object.entries(edits).filter(([field, edit]) => sent[field] !== edit.value));
}
