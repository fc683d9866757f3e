import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Certificate } from '@/entities/payment/queries';
import { answer, api, ifMatch } from '@/lib/api/client';
import { queryClient } from '@/lib/api/queries';
import type { components, paths } from '@/lib/api/schema';

export type NewCertificate = components['schemas']['NewCertificate'];
export type CertificateChange = components['schemas']['CertificateChange'];
type Filter = NonNullable<paths['/api/certificates']['get']['parameters']['query']>;

const MODELS = ['certificates', 'payments', 'catalogue', 'patients', 'rights_sets'] as const;

export const certificatesQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ['certificates', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/certificates', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: [...MODELS, 'settings'] },
  });

export const certificateQuery = (id: string) =>
  queryOptions({
    queryKey: ['certificates', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/certificates/{certificate_id}', { params: { path: { certificate_id: id } }, signal })),
    meta: { models: MODELS },
  });

/** All that shows certificates is fetched again. */
export const refreshCertificates = () => queryClient.invalidateQueries({ queryKey: ['certificates'] });

export function sellCertificate(card: NewCertificate) {
  return answer(api.POST('/api/certificates', { body: card }));
}

function versioned({ id, version }: Pick<Certificate, 'id' | 'version'>) {
  return { path: { certificate_id: id }, header: ifMatch(version) };
}

export function changeCertificate(certificate: Certificate, fields: CertificateChange) {
  return answer(api.PATCH('/api/certificates/{certificate_id}', { params: versioned(certificate), body: fields }));
}

export function deleteCertificate(certificate: Certificate) {
  return answer(api.POST('/api/certificates/{certificate_id}/delete', { params: versioned(certificate) }));
}
