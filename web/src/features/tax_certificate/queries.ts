import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api, fetchFromApi, ifMatch } from '@/lib/api/client';
import { queryClient } from '@/lib/api/queries';
import type { components, paths } from '@/lib/api/schema';

export type TaxCertificate = components['schemas']['IssuedTaxCertificate'];
export type TaxCertificateItem = components['schemas']['TaxCertificateItem'];
export type TaxCertificateDraft = components['schemas']['TaxCertificateDraft'];
export type CertifiedPayer = components['schemas']['CertifiedPayer'];
export type CertifiedPerson = components['schemas']['CertifiedPerson'];
export type YearSums = components['schemas']['YearSums'];
export type NewTaxCertificate = components['schemas']['NewTaxCertificate'];
export type TaxCertificateCorrection = components['schemas']['TaxCertificateCorrection'];
export type TaxPaper = components['schemas']['TaxPaper'];
type Filter = NonNullable<paths['/api/tax-certificates']['get']['parameters']['query']>;

const MODELS = ['tax_certificates', 'payments', 'certificates', 'calendar', 'stock_documents', 'services', 'patients'] as const;

export const taxCertificatesQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ['tax-certificates', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/tax-certificates', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: [...MODELS, 'settings'] },
  });

export const taxCertificateQuery = (id: string) =>
  queryOptions({
    queryKey: ['tax-certificates', id],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/tax-certificates/{tax_certificate_id}', { params: { path: { tax_certificate_id: id } }, signal }),
      ),
    meta: { models: MODELS },
  });

export const taxDraftQuery = (patientId: string, year: number) =>
  queryOptions({
    queryKey: ['tax-certificates', 'draft', patientId, year],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/patients/{patient_id}/tax-certificate-draft', {
          params: { path: { patient_id: patientId }, query: { year } },
          signal,
        }),
      ),
    meta: { models: MODELS },
  });

/** All that shows certificates is fetched again. */
export const refreshTaxCertificates = () => queryClient.invalidateQueries({ queryKey: ['tax-certificates'] });

export function issueTaxCertificate(patientId: string, body: NewTaxCertificate) {
  return answer(
    api.POST('/api/patients/{patient_id}/tax-certificates', { params: { path: { patient_id: patientId } }, body }),
  );
}

type Versioned = Pick<TaxCertificateItem, 'id' | 'version'>;

function versioned({ id, version }: Versioned) {
  return { path: { tax_certificate_id: id }, header: ifMatch(version) };
}

export function correctTaxCertificate(certificate: Versioned, body: TaxCertificateCorrection) {
  return answer(
    api.POST('/api/tax-certificates/{tax_certificate_id}/correct', { params: versioned(certificate), body }),
  );
}

export function annulTaxCertificate(certificate: Versioned) {
  return answer(api.POST('/api/tax-certificates/{tax_certificate_id}/annul', { params: versioned(certificate) }));
}

export function deleteTaxCertificate(certificate: Versioned) {
  return answer(api.POST('/api/tax-certificates/{tax_certificate_id}/delete', { params: versioned(certificate) }));
}

export function returnTaxCertificate(certificate: Versioned) {
  return answer(api.POST('/api/tax-certificates/{tax_certificate_id}/return', { params: versioned(certificate) }));
}

export function handOver(ids: readonly string[], way: 'paper' | 'electronic') {
  return answer(api.POST('/api/tax-certificates/hand-over', { body: { certificate_ids: [...ids], way } }));
}

export function paperAddress(id: string, correction: number): string {
  return `/api/tax-certificates/${id}/paper.pdf?correction=${correction}`;
}

/** The file for the tax office, under the name that it has to have. Problem, ConnectionLost. */
export async function electronicForm(ids: readonly string[]): Promise<{ name: string; content: Blob }> {
  const address = new URL('/api/tax-certificates/electronic-form', window.location.origin);
  const response = await fetchFromApi(
    new Request(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ certificate_ids: ids }),
    }),
  );
  const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'Сведения.xml';
  return { name, content: await response.blob() };
}
