import type { Me } from './model';
import { queryClient } from './queries';

/** What of the answer about the user decides what they may see: who they are, their rights, and every option that is on or off. */
export function grantsOf({ user_id, employee_id, rights_set, rights, clinic, ...rest }: Me): Record<string, unknown> {
  const options = Object.entries({ ...clinic, ...rest }).filter(([, value]) => typeof value === 'boolean');
  return {
    user_id,
    employee_id,
    rights_set: rights_set.id,
    rights: [...rights].sort(),
    ...Object.fromEntries(options),
  };
}

/**
 * Whether something that could be seen before may be hidden now. Rights that only came are the one change of which this is known
 * not to be so; an option may hide things whichever way it went.
 */
export function narrows(before: Me, now: Me): boolean {
  const [old, next] = [grantsOf(before), grantsOf(now)];
  const rights: readonly string[] = now.rights;
  if (before.rights.some((right) => !rights.includes(right))) return true;
  const others = (grants: Record<string, unknown>) => JSON.stringify({ ...grants, rights: null, rights_set: null });
  return others(old) !== others(next);
}

/** Whether the user themselves may see less, so that what notices show may be hidden too; options of the clinic hide no one's data. */
export function losesSight(before: Me, now: Me): boolean {
  return narrows(before, { ...now, clinic: before.clinic });
}

/**
 * Empties everything that was fetched under former rights: what isn't on the screen is dropped, the rest is fetched again, and what
 * the server refuses now is dropped too. Until it resolves nothing of it may be shown.
 */
export async function forgetWhatWasFetched(): Promise<void> {
  const cache = queryClient.getQueryCache();
  const others = cache.getAll().filter(({ queryKey }) => queryKey[0] !== 'me');
  for (const query of others) if (!query.isActive()) cache.remove(query);
  const shown = others.filter((query) => query.isActive());
  await queryClient.invalidateQueries({ predicate: (query) => shown.includes(query) });
  for (const query of shown) if (query.state.status === 'error') query.setState({ data: undefined });
}
