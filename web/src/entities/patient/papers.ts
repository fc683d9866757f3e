import { queryOptions } from '@tanstack/react-query';
import { answer, api, ifMatch } from '@/lib/api/client';
import { queryClient } from '@/lib/api/queries';
import type { components } from '@/lib/api/schema';

export type PatientPaper = components['schemas']['PatientPaperItem'];

/** Papers that were made for a patient; deleted ones too where the clinic's settings show them. */
export const patientPapersQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient-papers', patient],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/patients/{patient_id}/papers', {
          params: { path: { patient_id: patient }, query: { deleted: true } },
          signal,
        }),
      ),
    meta: { models: ['patient_papers', 'patients', 'calendar'] },
  });

export async function refreshPapers(): Promise<void> {
  await queryClient.invalidateQueries({
    predicate: (query) => query.meta?.models?.includes('patient_papers') ?? false,
  });
}

export function makePaper(patient: string, template: string, visit: string | null) {
  return answer(
    api.POST('/api/patients/{patient_id}/papers', {
      params: { path: { patient_id: patient } },
      body: { template_id: template, visit_id: visit },
    }),
  );
}

const at = ({ id, version }: PatientPaper) => ({ path: { paper_id: id }, header: ifMatch(version) });

export const deletePaper = (paper: PatientPaper) =>
  answer(api.POST('/api/patient-papers/{paper_id}/delete', { params: at(paper) }));

export const returnPaper = (paper: PatientPaper) =>
  answer(api.POST('/api/patient-papers/{paper_id}/return', { params: at(paper) }));

export const paperFile = (id: string) => `/api/patient-papers/${id}/file.pdf`;
