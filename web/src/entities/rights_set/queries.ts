import { queryOptions } from '@tanstack/react-query';
import { answer, api, ifMatch } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type RightsSet = components['schemas']['RightsSetItem'];
export type TreeNode = components['schemas']['TreeNode'];
export type RightsSetFields = components['schemas']['NewRightsSet'];

const MODELS = ['rights_sets', 'accesses', 'employees'] as const;

/** All sets that can be given to somebody; with `deleted` also those that can't. */
export const rightsSetsQuery = (deleted = false) =>
  queryOptions({
    queryKey: ['rights-sets', { deleted }],
    queryFn: ({ signal }) => answer(api.GET('/api/rights-sets', { params: { query: { deleted } }, signal })),
    meta: { models: [...MODELS, 'settings'] },
  });

/** The sets that aren’t deleted, by name, to choose from. */
export const rightsSetChoicesQuery = queryOptions({
  queryKey: ['rights-sets', 'choices'],
  queryFn: ({ signal }) => answer(api.GET('/api/rights-sets/choices', { signal })),
  meta: { models: ['rights_sets'] },
});

export const rightsSetQuery = (id: string) =>
  queryOptions({
    queryKey: ['rights-set', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/rights-sets/{rights_set_id}', { params: { path: { rights_set_id: id } }, signal })),
    meta: { models: MODELS },
  });

export const rightsTreeQuery = queryOptions({
  queryKey: ['rights-tree'],
  queryFn: ({ signal }) => answer(api.GET('/api/rights-tree', { signal })),
  staleTime: Infinity,
});

function at({ id, version }: RightsSet) {
  return { path: { rights_set_id: id }, header: ifMatch(version) };
}

export function createRightsSet(body: RightsSetFields) {
  return answer(api.POST('/api/rights-sets', { body }));
}

export function changeRightsSet(set: RightsSet, body: Partial<RightsSetFields>) {
  return answer(api.PATCH('/api/rights-sets/{rights_set_id}', { params: at(set), body }));
}

export function deleteRightsSet(set: RightsSet) {
  return answer(api.POST('/api/rights-sets/{rights_set_id}/delete', { params: at(set) }));
}

export function returnRightsSet(set: RightsSet) {
  return answer(api.POST('/api/rights-sets/{rights_set_id}/return', { params: at(set) }));
}
