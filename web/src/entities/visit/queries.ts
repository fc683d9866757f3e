import { queryOptions } from '@tanstack/react-query';
import type { LocalDate } from '@/lib/time';
import { type Accepted, accepting, answer, api, ifMatch } from '@/lib/api/client';
import type { NewVisit, Visit, VisitChange, VisitStatus } from '@/lib/api/model';
import { queryClient } from '@/lib/api/queries';

/** Days `from`…`to` of the calendar; all doctors, or one. */
export function calendarQuery(from: LocalDate, to: LocalDate, doctor?: string) {
  const query = { from, to, ...(doctor === undefined ? {} : { doctor_ids: [doctor] }) };
  return queryOptions({
    queryKey: ['calendar', query],
    queryFn: ({ signal }) => answer(api.GET('/api/calendar', { params: { query }, signal })),
    meta: { models: ['calendar', 'patients', 'employees', 'catalogue', 'working_weeks', 'working_days', 'settings'] },
  });
}

/** Who works on these days; unlike the calendar itself not fetched again for each booking. */
export function doctorsQuery(from: LocalDate, to: LocalDate) {
  return queryOptions({
    queryKey: ['calendar-doctors', from, to],
    queryFn: ({ signal }) => answer(api.GET('/api/calendar/doctors', { params: { query: { from, to } }, signal })),
    staleTime: 5 * 60_000,
    meta: { models: ['employees', 'catalogue', 'working_weeks', 'working_days', 'settings'] },
  });
}

export function visitQuery(id: string) {
  return queryOptions({
    queryKey: ['visit', id],
    queryFn: ({ signal }) => answer(api.GET('/api/visits/{visit_id}', { params: { path: { visit_id: id } }, signal })),
    meta: { models: ['calendar', 'patients', 'employees', 'catalogue', 'settings'] },
  });
}

export interface VisitFilter {
  from?: LocalDate | undefined;
  to?: LocalDate | undefined;
  doctor_id?: string | undefined;
  status?: VisitStatus | 'booked' | undefined;
  q?: string | undefined;
  deleted?: boolean | undefined;
  sort?: 'starts_at' | '-starts_at' | 'number' | '-number' | undefined;
  page: number;
  size: number;
}

export function visitsQuery(filter: VisitFilter) {
  return queryOptions({
    queryKey: ['visits', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/visits', { params: { query: filter }, signal })),
    meta: { models: ['calendar', 'patients', 'employees', 'settings'] },
  });
}

export function patientVisitsQuery(patient: string, page: number, size: number) {
  return queryOptions({
    queryKey: ['patient-visits', patient, page, size],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/patients/{patient_id}/visits', {
          params: { path: { patient_id: patient }, query: { page, size } },
          signal,
        }),
      ),
    meta: { models: ['calendar', 'patients', 'employees', 'catalogue', 'settings'] },
  });
}

/** What shows visits is fetched again; resolves when what is on the screen is up to date. */
export async function refreshVisits(): Promise<void> {
  await queryClient.invalidateQueries({ predicate: (query) => query.meta?.models?.includes('calendar') ?? false });
}

export function bookVisit(visit: NewVisit, accepted: Accepted = []) {
  return answer(api.POST('/api/visits', { params: { header: accepting(accepted) }, body: visit }));
}

type Stored = Pick<Visit, 'id' | 'version'>;

function at({ id, version }: Stored, accepted: Accepted = []) {
  return { path: { visit_id: id }, header: { ...ifMatch(version), ...accepting(accepted) } };
}

export function changeVisit(visit: Stored, change: VisitChange, accepted: Accepted = []) {
  return answer(api.PATCH('/api/visits/{visit_id}', { params: at(visit, accepted), body: change }));
}

export function setVisitStatus(visit: Stored, status: VisitStatus, accepted: Accepted = []) {
  return answer(api.POST('/api/visits/{visit_id}/status', { params: at(visit, accepted), body: { status } }));
}

export function deleteVisit(visit: Stored) {
  return answer(api.POST('/api/visits/{visit_id}/delete', { params: at(visit) }));
}

export function returnVisit(visit: Stored, accepted: Accepted = []) {
  return answer(api.POST('/api/visits/{visit_id}/return', { params: at(visit, accepted) }));
}
