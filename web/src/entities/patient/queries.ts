import { queryOptions } from '@tanstack/react-query';
import { answer, api, ifMatch } from '@/lib/api/client';
import { uploaded } from '@/lib/api/photos';
import type { NewPatient, Patient, PatientChange } from '@/lib/api/model';
import { queryClient } from '@/lib/api/queries';
import type { components, paths } from '@/lib/api/schema';

type Shapes = components['schemas'];

export type PatientFilter = NonNullable<paths['/api/patients']['get']['parameters']['query']>;

/** By any part of name, phone or card number; best matches first. */
export function patientSearchQuery(text: string) {
  return queryOptions({
    queryKey: ['patient-search', text],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/patients/search', { params: { query: { q: text, limit: 20 } }, signal })),
    meta: { models: ['patients', 'catalogue'] },
  });
}

export function patientsQuery(filter: PatientFilter) {
  return queryOptions({
    queryKey: ['patients', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/patients', { params: { query: filter }, signal })),
    meta: { models: ['patients', 'catalogue', 'settings'] },
  });
}

export function patientQuery(id: string) {
  return queryOptions({
    queryKey: ['patient', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/patients/{patient_id}', { params: { path: { patient_id: id } }, signal })),
    meta: { models: ['patients', 'catalogue'] },
  });
}

/** The patient in a few lines, for where visits are booked and shown. `beside`: the visit beside which it is shown. */
export function patientBriefQuery(id: string, beside: string | undefined) {
  return queryOptions({
    queryKey: ['patient-brief', id, beside],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/patients/{patient_id}/brief', {
          params: { path: { patient_id: id }, query: { except_visit_id: beside } },
          signal,
        }),
      ),
    meta: { models: ['patients', 'calendar', 'employees', 'catalogue', 'payments', 'stock_documents'] },
  });
}

export function createPatient(card: NewPatient) {
  return answer(api.POST('/api/patients', { body: card }));
}

type Stored = Pick<Patient, 'id' | 'version'>;

function at({ id, version }: Stored) {
  return { path: { patient_id: id }, header: ifMatch(version) };
}

export function changePatient(patient: Stored, change: PatientChange) {
  return answer(api.PATCH('/api/patients/{patient_id}', { params: at(patient), body: change }));
}

export function deletePatient(patient: Stored) {
  return answer(api.POST('/api/patients/{patient_id}/delete', { params: at(patient) }));
}

/** `newNumber`: with the next free card number, where somebody else has the card's own now. */
export function returnPatient(patient: Stored, newNumber: boolean) {
  return answer(
    api.POST('/api/patients/{patient_id}/return', { params: at(patient), body: { new_number: newNumber } }),
  );
}

/** Where a photo is shown: each file has an address of its own. */
export function photoAddress(patient: string, { sha256 }: NonNullable<Patient['photo']>): string {
  return `/api/patients/${patient}/photo?sha256=${sha256}`;
}

export function setPhoto(patient: Stored, file: Blob) {
  return answer(
    api.PUT('/api/patients/{patient_id}/photo', {
      params: at(patient),
      ...uploaded(file),
    }),
  );
}

export function removePhoto(patient: Stored) {
  return answer(api.DELETE('/api/patients/{patient_id}/photo', { params: at(patient) }));
}

export type Likeness = Partial<Shapes['DuplicateSearch']>;

/** Cards that may be the same person's: by phone, or by name and birth date. Asked by POST, since addresses get into logs. */
export function duplicatesQuery(likeness: Likeness) {
  return queryOptions({
    queryKey: ['patient-duplicates', likeness],
    queryFn: ({ signal }) => answer(api.POST('/api/patients/duplicates', { body: likeness, signal })),
    meta: { models: ['patients', 'catalogue'] },
  });
}

export type Difference = Shapes['Difference'];
export type MergeChoice = Difference['default'];

/** What the other card says that the survivor doesn't. */
export function differencesQuery(survivor: string, other: string) {
  return queryOptions({
    queryKey: ['patient-differences', survivor, other],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/patients/{patient_id}/differences/{other_id}', {
          params: { path: { patient_id: survivor, other_id: other } },
          signal,
        }),
      ),
    meta: { models: ['patients', 'catalogue'] },
  });
}

/** The other card, as it was looked at, becomes a part of the survivor; `choices` tell whose value stays, by group of fields. */
export function mergePatients(survivor: Stored, other: Stored, choices: Readonly<Record<string, MergeChoice>>) {
  return answer(
    api.POST('/api/patients/{patient_id}/merge', {
      params: at(survivor),
      body: { patient_id: other.id, version: other.version, choices },
    }),
  );
}

export function unmergePatients(survivor: Stored, other: string) {
  return answer(api.POST('/api/patients/{patient_id}/unmerge', { params: at(survivor), body: { patient_id: other } }));
}

/** What shows patients is fetched again; resolves when what is on the screen is up to date. */
export async function refreshPatients(): Promise<void> {
  await queryClient.invalidateQueries({ predicate: (query) => query.meta?.models?.includes('patients') ?? false });
}
