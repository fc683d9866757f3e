import { queryOptions } from '@tanstack/react-query';
import { type Accepted, accepting, answer, api, ifMatch } from '@/lib/api/client';
import type { Service } from '@/lib/api/model';
import type { components } from '@/lib/api/schema';

export type ServiceChange = components['schemas']['ServiceChange'];
export type NewService = components['schemas']['NewService'];

const MODELS = ['services', 'catalogue', 'employees'] as const;

/** The services that can be chosen. */
export const servicesQuery = queryOptions({
  queryKey: ['services'],
  queryFn: ({ signal }) => answer(api.GET('/api/services', { params: { query: {} }, signal })),
  staleTime: 5 * 60_000,
  meta: { models: MODELS },
});

/** The deleted ones too, where the clinic's settings show them. */
export const allServicesQuery = queryOptions({
  queryKey: ['services', 'deleted too'],
  queryFn: ({ signal }) => answer(api.GET('/api/services', { params: { query: { deleted: true } }, signal })),
  meta: { models: [...MODELS, 'settings'] },
});

export const serviceQuery = (id: string) =>
  queryOptions({
    queryKey: ['services', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/services/{service_id}', { params: { path: { service_id: id } }, signal })),
    meta: { models: MODELS },
  });

/** The doctors, of whom one can say that they give a service. */
export const givingDoctorsQuery = queryOptions({
  queryKey: ['service-doctors'],
  queryFn: ({ signal }) => answer(api.GET('/api/services/doctors', { signal })),
  meta: { models: ['employees', 'catalogue'] },
});

/** Goods that a service can use up, with the unit in which they are written off. */
export const materialsQuery = queryOptions({
  queryKey: ['service-materials'],
  queryFn: ({ signal }) => answer(api.GET('/api/services/materials', { signal })),
  meta: { models: ['catalogue'] },
});

/** Whether a doctor gives a service; without a doctor every service is given. */
export function givenBy({ doctors }: Pick<Service, 'doctors'>, doctorId: string | null): boolean {
  return doctorId === null || doctors.length === 0 || doctors.some(({ id }) => id === doctorId);
}

/** Many services at once, all or none: which of them the doctor gives from now on, and which not any more. */
export function changeGivenServices(
  employeeId: string,
  give: readonly string[],
  stop: readonly string[],
  accepted: Accepted = [],
) {
  return answer(
    api.POST('/api/employees/{employee_id}/services', {
      params: { path: { employee_id: employeeId }, header: accepting(accepted) },
      body: { add: [...give], remove: [...stop] },
    }),
  );
}

export function createService(fields: NewService) {
  return answer(api.POST('/api/services', { body: fields }));
}

function versioned({ id, version }: Pick<Service, 'id' | 'version'>, accepted: Accepted = []) {
  return { path: { service_id: id }, header: { ...ifMatch(version), ...accepting(accepted) } };
}

export function changeService(
  service: Pick<Service, 'id' | 'version'>,
  fields: ServiceChange,
  accepted: Accepted = [],
) {
  return answer(api.PATCH('/api/services/{service_id}', { params: versioned(service, accepted), body: fields }));
}

export function deleteService(service: Service, accepted: Accepted = []) {
  return answer(api.POST('/api/services/{service_id}/delete', { params: versioned(service, accepted) }));
}

export function returnService(service: Service) {
  return answer(api.POST('/api/services/{service_id}/return', { params: versioned(service) }));
}
