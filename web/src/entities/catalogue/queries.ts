import { queryOptions } from '@tanstack/react-query';
import { answer, api, ifMatch } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type Catalogue = components['schemas']['Catalogue'];
export type CatalogueField = components['schemas']['CatalogueField'];
export type Choice = components['schemas']['EntryChoice'];
export type Entry = components['schemas']['Entry'];
export type EntryFields = Entry['fields'];

/** Every catalogue has the same routes and shapes: the types of one stand for all. */
function at(catalogue: Pick<Catalogue, 'path'>) {
  return `/api/${catalogue.path}` as '/api/units';
}

/** The catalogues that the user may see or choose from. */
export const cataloguesQuery = queryOptions({
  queryKey: ['catalogues'],
  queryFn: () => answer(api.GET('/api/catalogues')),
  staleTime: Infinity,
  meta: { models: ['accesses', 'rights_sets'] },
});

/** And by a field's name, the id of what entries are to refer to there. */
interface EntriesFilter {
  [field: string]: string | number | boolean;
  q: string;
  /** A field's name, or «-name» from the end. */
  sort: string;
  deleted: boolean;
  page: number;
  size: number;
}

export const entriesQuery = (catalogue: Catalogue, filter: EntriesFilter) =>
  queryOptions({
    queryKey: ['entries', catalogue.key, filter],
    queryFn: ({ signal }) => answer(api.GET(at(catalogue), { params: { query: filter }, signal })),
    // the rows of the page before stay until the next come, but never those of another catalogue
    placeholderData: (previous, query) => (query?.queryKey[1] === catalogue.key ? previous : undefined),
    meta: { models: ['catalogue', 'rights_sets', 'settings'] },
  });

export const entryQuery = (catalogue: Catalogue, id: string) =>
  queryOptions({
    queryKey: ['entry', catalogue.key, id],
    queryFn: ({ signal }) =>
      answer(api.GET(`${at(catalogue)}/{entry_id}`, { params: { path: { entry_id: id } }, signal })),
    meta: { models: ['catalogue', 'rights_sets'] },
  });

/** The entries that aren’t deleted, by name. */
export const choicesQuery = (catalogue: Pick<Catalogue, 'key' | 'path'>) =>
  queryOptions({
    queryKey: ['choices', catalogue.key],
    queryFn: ({ signal }) => answer(api.GET(`${at(catalogue)}/choices`, { signal })),
    staleTime: 5 * 60_000,
    meta: { models: ['catalogue'] },
  });

export function createEntry(catalogue: Pick<Catalogue, 'path'>, fields: EntryFields) {
  return answer(api.POST(at(catalogue), { body: { fields } }));
}

function versioned({ id, version }: Pick<Entry, 'id' | 'version'>) {
  return { path: { entry_id: id }, header: ifMatch(version) };
}

export function changeEntry(catalogue: Catalogue, entry: Entry, fields: EntryFields) {
  return answer(api.PATCH(`${at(catalogue)}/{entry_id}`, { params: versioned(entry), body: { fields } }));
}

export function deleteEntry(catalogue: Catalogue, entry: Entry) {
  return answer(api.POST(`${at(catalogue)}/{entry_id}/delete`, { params: versioned(entry) }));
}

export function returnEntry(catalogue: Catalogue, entry: Entry) {
  return answer(api.POST(`${at(catalogue)}/{entry_id}/return`, { params: versioned(entry) }));
}
