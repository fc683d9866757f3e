import { queryOptions } from '@tanstack/react-query';
import { answer, api, ifMatch } from '@/lib/api/client';
import { queryClient } from '@/lib/api/queries';
import type { components } from '@/lib/api/schema';

type Shapes = components['schemas'];
export type PaymentStart = Shapes['PaymentStart'];
export type PatientAccount = Shapes['PatientAccount'];
export type AccountVisit = Shapes['AccountVisit'];
export type AccountPayment = Shapes['AccountPayment'];
export type AccountRefund = Shapes['AccountRefund'];
export type Certificate = Shapes['CertificateItem'];
export type NewPayments = Shapes['NewPayments'];

const MODELS = [
  'payments',
  'calendar',
  'stock_documents',
  'patients',
  'employees',
  'catalogue',
  'certificates',
  'fiscal_receipts',
  'rights_sets',
] as const;

/** What a payment of the patient starts with; `visit`: the one that is to be paid. */
export const paymentStartQuery = (patient: string, visit?: string) =>
  queryOptions({
    queryKey: ['payment-start', patient, visit],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/patients/{patient_id}/payment', {
          params: { path: { patient_id: patient }, query: visit === undefined ? {} : { visit_id: visit } },
          signal,
        }),
      ),
    // the moment of the payment is now
    staleTime: 0,
    gcTime: 0,
    meta: { models: [...MODELS, 'settings'] },
  });

/** The present, and the desks that may return money of this payment: those of the kind that it came into. */
export const refundStartQuery = (payment: string) =>
  queryOptions({
    queryKey: ['refund-start', payment],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/refunds/defaults', { params: { query: { payment_id: payment } }, signal })),
    staleTime: 0,
    gcTime: 0,
    meta: { models: ['catalogue'] },
  });

/** A patient's account, now or by documents until a moment. */
export const accountQuery = (patient: string, at?: string) =>
  queryOptions({
    queryKey: ['account', patient, at],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/patients/{patient_id}/account', {
          params: { path: { patient_id: patient }, query: at === undefined ? {} : { at } },
          signal,
        }),
      ),
    meta: { models: MODELS },
  });

/** Certificates that pay for something on this day, by a part of their number. */
export const usableCertificatesQuery = (q: string, day: string) =>
  queryOptions({
    queryKey: ['certificates', 'usable', q, day],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/certificates', { params: { query: { q, usable_on: day, size: 20 } }, signal })),
    meta: { models: ['certificates', 'payments', 'catalogue', 'patients', 'rights_sets'] },
  });

export function pay(payments: NewPayments) {
  return answer(api.POST('/api/payments', { body: payments }));
}

export function releasePayments(visit: string, moment: string) {
  return answer(
    api.POST('/api/visits/{visit_id}/release-payments', { params: { path: { visit_id: visit } }, body: { moment } }),
  );
}

export function refundPayment(payment: string, refund: Shapes['NewRefund']) {
  return answer(
    api.POST('/api/payments/{payment_id}/refunds', { params: { path: { payment_id: payment } }, body: refund }),
  );
}

export function deletePayment({ id, version }: { id: string; version: number }) {
  return answer(
    api.POST('/api/payments/{payment_id}/delete', { params: { path: { payment_id: id }, header: ifMatch(version) } }),
  );
}

export function deleteRefund({ id, version }: { id: string; version: number }) {
  return answer(
    api.POST('/api/refunds/{refund_id}/delete', { params: { path: { refund_id: id }, header: ifMatch(version) } }),
  );
}

export function returnPayment({ id, version }: { id: string; version: number }) {
  return answer(
    api.POST('/api/payments/{payment_id}/return', { params: { path: { payment_id: id }, header: ifMatch(version) } }),
  );
}

export function returnRefund({ id, version }: { id: string; version: number }) {
  return answer(
    api.POST('/api/refunds/{refund_id}/return', { params: { path: { refund_id: id }, header: ifMatch(version) } }),
  );
}

export function returnCertificate({ id, version }: { id: string; version: number }) {
  return answer(
    api.POST('/api/certificates/{certificate_id}/return', {
      params: { path: { certificate_id: id }, header: ifMatch(version) },
    }),
  );
}

/** What shows money of patients is fetched again. */
export async function refreshPayments(): Promise<void> {
  await queryClient.invalidateQueries({ predicate: (query) => query.meta?.models?.includes('payments') ?? false });
}
