import { answer, api } from './client';
import type { components } from './schema';

export type About = components['schemas']['TakenAway']['about'];

/** Tells the server that a list was put into a file: by which filter and how many, never the data. */
export function noteExport(about: About, filter: Readonly<Record<string, unknown>>, count: number) {
  const said = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
  const body = {
    way: 'exported' as const,
    about,
    filter: Object.fromEntries(said.map(([name, value]) => [name, String(value)])),
    count,
  };
  return answer(api.POST('/api/viewings', { body }));
}
