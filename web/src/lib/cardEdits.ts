/**
 * What a person typed into a card that others may change meanwhile. Edits hold the touched fields alone, each with its base, the
 * saved value at the first touch: untouched fields follow the saved card, and a touched one that somebody else changed is shown
 * as a collision instead of overwriting their value unnoticed.
 */
interface Edit<V> {
  readonly value: V;
  /** The saved value when the field was first touched. */
  readonly base: V;
}

/** By field; a touched one may be empty (null), so presence tells that it was touched. */
export type Edits<C> = { readonly [F in keyof C]?: Edit<C[F]> };

export type Value = string | number | boolean;
/** A card whose fields are known by the server's description only. */
export type Card = Readonly<Record<string, Value>>;
/** Some fields of a card. */
export type Part<C> = string extends keyof C ? C : Partial<C>;
export type CardEdits = Edits<Card>;

export const NO_CARD_EDITS: CardEdits = {};

/**
 * Values are sets and what JSON can say; they are equal when their contents are. What is the same object isn't looked into: of a
 * thousand lines one is compared.
 */
function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (isSet(one) && isSet(other)) return one.size === other.size && [...one].every((x) => other.has(x));
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((part, index) => same(part, other[index]));
  }
  if (!isRecord(one) || !isRecord(other)) return false;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => same(one[key], other[key]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isSet(value);
}

/** The saved value with an edit over it. */
function applyEdit<V>({ value, base }: Edit<V>, saved: V): V {
  return isSet(value) && isSet(base) && isSet(saved) ? (mergeSet(value, base, saved) as V) : value;
}

/** Each tick of a set counts for itself: those set and cleared here, over those saved now. */
function mergeSet(value: Ticks, base: Ticks, saved: Ticks): Ticks {
  const all = [...saved, ...[...value].filter((tick) => !base.has(tick))];
  return new Set(all.filter((tick) => value.has(tick) || !base.has(tick)));
}

type Ticks = ReadonlySet<unknown>;

function isSet(value: unknown): value is Ticks {
  return value instanceof Set;
}

function toEntries<C>(edits: Edits<C>): [field: keyof C, edit: Edit<C[keyof C]>][] {
  return Object.entries(edits) as [keyof C, Edit<C[keyof C]>][];
}

function fromEntries<C>(all: readonly [field: keyof C, edit: Edit<C[keyof C]>][]): Edits<C> {
  return Object.fromEntries(all) as Edits<C>;
}

export function setField<C, F extends keyof C>(edits: Edits<C>, saved: C, field: F, value: C[F]): Edits<C> {
  if (same(value, saved[field])) return fromEntries(toEntries(edits).filter(([other]) => other !== field));
  // a set is ticked as it is shown: over what is saved now
  const base = isSet(value) ? saved[field] : (edits[field] ?? { base: saved[field] }).base;
  return { ...edits, [field]: { value, base } };
}

export function valueOf<C, F extends keyof C>(edits: Edits<C>, saved: C, field: F): C[F] {
  const edit = edits[field];
  return edit === undefined ? saved[field] : applyEdit(edit, saved[field]);
}

/** The touched fields that differ from what is saved: what a save sends. */
export function changed<C>(edits: Edits<C>, saved: C): Part<C> {
  return Object.fromEntries(
    toEntries(edits)
      .map(([field, edit]) => [field, applyEdit(edit, saved[field])] as const)
      .filter(([field, value]) => !same(value, saved[field])),
  ) as Part<C>;
}

/** The value that somebody else saved in a field touched here; undefined where nobody did, and for sets, which never collide. */
export function theirValue<C, F extends keyof C>(edits: Edits<C>, saved: C, field: F): C[F] | undefined {
  const edit = edits[field];
  const now = saved[field];
  if (edit === undefined || isSet(now)) return undefined;
  return same(now, edit.base) || same(now, edit.value) ? undefined : now;
}

/** After a save: what was typed while the answer was on its way stays, as a change of what was sent. */
export function afterSave<C>(edits: Edits<C>, sent: Part<C>): Edits<C> {
  return fromEntries(
    toEntries(edits).flatMap(([field, edit]) => {
      if (!(field in (sent as object))) return [[field, edit]];
      const base = (sent as C)[field];
      const value = applyEdit(edit, base);
      return same(value, base) ? [] : [[field, { value, base }]];
    }),
  );
}

/** Where somebody else changed a field touched here, theirs is taken. */
export function takeTheirs<C>(edits: Edits<C>, saved: C): Edits<C> {
  return fromEntries(toEntries(edits).filter(([field]) => theirValue(edits, saved, field) === undefined));
}

/** Without the edits that somebody else has saved in the same words: they would come back with that person's next change. */
export function dropSaved<C>(edits: Edits<C>, saved: C): Edits<C> {
  const left = toEntries(edits).filter(([field, edit]) => !same(applyEdit(edit, saved[field]), saved[field]));
  return left.length === toEntries(edits).length ? edits : fromEntries(left);
}
