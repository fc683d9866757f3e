import { queryOptions } from '@tanstack/react-query';
import { answer, api, fetchFromApi, ifMatch } from '@/lib/api/client';
import { uploaded } from '@/lib/api/photos';
import { queryClient } from '@/lib/api/queries';
import type { components } from '@/lib/api/schema';
import { uploading } from '@/lib/api/uploading';

export type VisitFile = components['schemas']['VisitFileItem'];
export type PatientFile = components['schemas']['PatientFileItem'];

/** Files of a visit; deleted ones too where the clinic's settings show them. */
export const visitFilesQuery = (visit: string) =>
  queryOptions({
    queryKey: ['visit-files', visit],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/visits/{visit_id}/files', {
          params: { path: { visit_id: visit }, query: { deleted: true } },
          signal,
        }),
      ),
    meta: { models: ['visit_files', 'calendar', 'patients', 'employees'] },
  });

export const patientFilesQuery = (patient: string, page: number, size: number) =>
  queryOptions({
    queryKey: ['patient-files', patient, page, size],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/patients/{patient_id}/visit-files', {
          params: { path: { patient_id: patient }, query: { deleted: true, page, size } },
          signal,
        }),
      ),
    meta: { models: ['visit_files', 'calendar', 'patients', 'employees'] },
  });

export async function refreshFiles(): Promise<void> {
  await queryClient.invalidateQueries({
    predicate: (query) => query.meta?.models?.includes('visit_files') ?? false,
  });
}

/** `onProgress`: how much of the file has left, from 0 to 1. */
export function attachFile(visit: string, file: File, onProgress: (share: number) => void) {
  return answer(
    api.POST('/api/visits/{visit_id}/files', {
      params: { path: { visit_id: visit }, query: { name: file.name } },
      ...uploaded(file),
      fetch: (request) => fetchFromApi(request, uploading(onProgress)),
    }),
  );
}

const at = ({ id, version }: VisitFile) => ({ path: { file_id: id }, header: ifMatch(version) });

export const changeFile = (file: VisitFile, body: components['schemas']['VisitFileChange']) =>
  answer(api.PATCH('/api/visit-files/{file_id}', { params: at(file), body }));

export const deleteFile = (file: VisitFile) =>
  answer(api.POST('/api/visit-files/{file_id}/delete', { params: at(file) }));

export const returnFile = (file: VisitFile) =>
  answer(api.POST('/api/visit-files/{file_id}/return', { params: at(file) }));

export const contentOf = ({ id }: VisitFile) => `/api/visit-files/${id}/content`;

export const previewOf = ({ id }: VisitFile) => `/api/visit-files/${id}/preview`;
