import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api, ifMatch } from '@/lib/api/client';
import { uploaded } from '@/lib/api/photos';
import type { components, paths } from '@/lib/api/schema';

export type EmployeeItem = components['schemas']['EmployeeItem'];
export type EmployeeCard = components['schemas']['EmployeeCard'];
export type EmployeeChange = components['schemas']['EmployeeChange'];
export type NewEmployee = components['schemas']['NewEmployee'];
export type EmployeesFilter = NonNullable<paths['/api/employees']['get']['parameters']['query']>;

const MODELS = ['employees', 'accesses', 'rights_sets', 'catalogue'] as const;

export const employeesQuery = (filter: EmployeesFilter) =>
  queryOptions({
    queryKey: ['employees', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/employees', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: [...MODELS, 'settings'] },
  });

export const employeeQuery = (id: string) =>
  queryOptions({
    queryKey: ['employee', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/employees/{employee_id}', { params: { path: { employee_id: id } }, signal })),
    meta: { models: MODELS },
  });

function at(id: string, version: number) {
  return { path: { employee_id: id }, header: ifMatch(version) };
}

export function hire(card: NewEmployee) {
  return answer(api.POST('/api/employees', { body: card }));
}

export function changeEmployee(id: string, version: number, body: EmployeeChange) {
  return answer(api.PATCH('/api/employees/{employee_id}', { params: at(id, version), body }));
}

export function setEmployeePhoto(id: string, version: number, file: Blob) {
  return answer(api.PUT('/api/employees/{employee_id}/photo', { params: at(id, version), ...uploaded(file) }));
}

export function removeEmployeePhoto(id: string, version: number) {
  return answer(api.DELETE('/api/employees/{employee_id}/photo', { params: at(id, version) }));
}

export function deleteEmployee(id: string, version: number) {
  return answer(api.POST('/api/employees/{employee_id}/delete', { params: at(id, version) }));
}

export function returnEmployee(id: string, version: number) {
  return answer(api.POST('/api/employees/{employee_id}/return', { params: at(id, version) }));
}

export function giveAccess(id: string, body: components['schemas']['AccessGrant']) {
  return answer(api.PUT('/api/employees/{employee_id}/access', { params: { path: { employee_id: id } }, body }));
}

export function removeSecondFactor(id: string) {
  return answer(
    api.DELETE('/api/employees/{employee_id}/access/second-factor', { params: { path: { employee_id: id } } }),
  );
}

export function withdrawAccess(id: string) {
  return answer(api.DELETE('/api/employees/{employee_id}/access', { params: { path: { employee_id: id } } }));
}
