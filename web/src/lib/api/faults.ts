/** What a refusal says of the fields of a form: one for all forms, so that each shows every fault at its field at once. */
import { list, record, text } from './facts';
import { type Problem, isProblem } from './problem';

/** By field the reason that stands under it. */
export type FaultsOf<F extends string> = Partial<Record<F, string>>;

/** Codes of other refusals than a wrong value → the field that each is about, or several with their reasons; undefined where it is none of the form. */
export type ByCode<F extends string> = Readonly<Record<string, (refusal: Problem) => F | undefined | readonly Fault<F>[]>>;

interface Fault<F extends string> {
  readonly field: F | undefined;
  readonly reason: string;
}

/** The fields that a refusal names, each with its reason; null where it names none of the form's. `known`: the form's name of a field. */
export function faultsIn<F extends string>(
  error: unknown,
  known: (field: string) => F | undefined,
  byCode: ByCode<F> = {},
): FaultsOf<F> | null {
  if (!isProblem(error)) return null;
  const about = byCode[error.code]?.(error);
  const named = !(error.code in byCode)
    ? namedIn(error)
    : typeof about === 'object'
      ? about
      : [{ field: about, reason: error.message }];
  const found = named.flatMap(({ field, reason }) => (field === undefined ? [] : [[field, reason] as const]));
  return found.length === 0 ? null : (Object.fromEntries(found) as FaultsOf<F>);

  function namedIn({ facts, message }: Problem): Fault<F>[] {
    const several = list(facts.fields).map(record);
    const all = several.length > 0 ? several : [{ field: facts.field, reason: message }];
    return all.map(({ field, place, reason }) => ({
      field: known(text(place)) ?? known(text(field)),
      reason: text(reason),
    }));
  }
}

/** For forms that call their fields as the server does. */
export function among<F extends string>(fields: Iterable<F>): (field: string) => F | undefined {
  const all = new Set<string>(fields);
  return (field) => (all.has(field) ? (field as F) : undefined);
}
