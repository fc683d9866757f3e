/**
 * What a person typed into a card that others may change meanwhile. Only touched fields are kept, each with the saved value
 * that was seen when it was first touched: untouched fields follow the saved card, and a touched one that somebody else
 * changed is told as a collision instead of being overwritten unseen.
 */
import { hashKey } from '@tanstack/react-query';

interface Edit<V> {
  readonly value: V;
  readonly seen: V;
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

/** Values are sets and what JSON can say; they are equal when what they hold is. */
function same(one: unknown, other: unknown): boolean {
  if (isSet(one) && isSet(other)) return one.size === other.size && [...one].every((x) => other.has(x));
  return one === other || (typeof one === 'object' && hashKey([one]) === hashKey([other]));
}

/** What an edit makes of the saved value. Of a set each tick counts for itself: those set and cleared here, over those saved now. */
function over<V>({ value, seen }: Edit<V>, saved: V): V {
  if (!isSet(value) || !isSet(seen) || !isSet(saved)) return value;
  const all = [...saved, ...[...value].filter((tick) => !seen.has(tick))];
  return new Set(all.filter((tick) => value.has(tick) || !seen.has(tick))) as V;
}

function isSet(value: unknown): value is ReadonlySet<unknown> {
  return value instanceof Set;
}

function entries<C>(edits: Edits<C>): [field: keyof C, edit: Edit<C[keyof C]>][] {
  return Object.entries(edits) as [keyof C, Edit<C[keyof C]>][];
}

function edited<C>(all: readonly [field: keyof C, edit: Edit<C[keyof C]>][]): Edits<C> {
  return Object.fromEntries(all) as Edits<C>;
}

export function typed<C, F extends keyof C>(edits: Edits<C>, saved: C, field: F, value: C[F]): Edits<C> {
  if (same(value, saved[field])) return edited(entries(edits).filter(([other]) => other !== field));
  // a set was ticked as it is shown, over what is saved now
  const seen = isSet(value) ? saved[field] : (edits[field] ?? { seen: saved[field] }).seen;
  return { ...edits, [field]: { value, seen } };
}

export function valueOf<C, F extends keyof C>(edits: Edits<C>, saved: C, field: F): C[F] {
  const edit = edits[field];
  return edit === undefined ? saved[field] : over(edit, saved[field]);
}

/** The touched fields that differ from what is saved: what a save sends. */
export function changed<C>(edits: Edits<C>, saved: C): Part<C> {
  return Object.fromEntries(
    entries(edits)
      .map(([field, edit]) => [field, over(edit, saved[field])] as const)
      .filter(([field, value]) => !same(value, saved[field])),
  ) as Part<C>;
}

/** The value that somebody else saved in a field touched here; undefined where nobody did, and for sets, which never collide. */
export function othersValue<C, F extends keyof C>(edits: Edits<C>, saved: C, field: F): C[F] | undefined {
  const edit = edits[field];
  const now = saved[field];
  if (edit === undefined || isSet(now)) return undefined;
  return same(now, edit.seen) || same(now, edit.value) ? undefined : now;
}

/** After a save: what was typed while the answer was on its way stays, as a change of what was sent. */
export function without<C>(edits: Edits<C>, sent: Part<C>): Edits<C> {
  return edited(
    entries(edits).flatMap(([field, edit]) => {
      if (!(field in (sent as object))) return [[field, edit]];
      const seen = (sent as C)[field];
      const value = over(edit, seen);
      return same(value, seen) ? [] : [[field, { value, seen }]];
    }),
  );
}

/** Where somebody else changed a field touched here, theirs is taken. */
export function yielded<C>(edits: Edits<C>, saved: C): Edits<C> {
  return edited(entries(edits).filter(([field]) => othersValue(edits, saved, field) === undefined));
}
