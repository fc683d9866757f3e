/** Pay: what is to be accrued, accruals, settlements with employees, schemes. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Accepted, accepting, answer, api, ifMatch } from '@/lib/api/client';
import { choices } from '@/lib/api/labels';
import { queryClient } from '@/lib/api/queries';
import type { components, paths } from '@/lib/api/schema';
import type { LocalDate } from '@/lib/time';

export type EmployeePay = components['schemas']['EmployeePay'];
export type PayLine = components['schemas']['PayLineItem'];
export type PartSum = components['schemas']['PartSum'];
export type Accrual = components['schemas']['PayAccrualCard'];
export type AccrualItem = components['schemas']['PayAccrualItem'];
export type Extra = components['schemas']['NewPayExtra'];
export type NewAccrual = components['schemas']['NewPayAccrual'];
export type AccrualChange = components['schemas']['PayAccrualChange'];
export type PaySettlement = components['schemas']['PaySettlement'];
export type PaySettlementDocument = components['schemas']['PaySettlementDocument'];
export type Scheme = components['schemas']['PaySchemeItem'];
export type NewScheme = components['schemas']['NewPayScheme'];
export type SchemeChange = components['schemas']['PaySchemeChange'];
type AccrualsQuery = NonNullable<paths['/api/pay-accruals']['get']['parameters']['query']>;
type SettlementsQuery = NonNullable<paths['/api/pay-settlements']['get']['parameters']['query']>;
type SettlementQuery = NonNullable<paths['/api/pay-settlements/{employee_id}']['get']['parameters']['query']>;

export const PARTS = choices.PayLineItem.part;
export const EXTRAS = choices.NewPayExtra.kind;

/** What a calculation is made of. */
const CALCULATED = [
  'pay_schemes',
  'pay_accruals',
  'visit_work',
  'authors',
  'certificates',
  'settings',
  'payments',
  'stock_documents',
  'services',
  'catalogue',
  'employees',
  'working_weeks',
  'working_days',
] as const;

interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

export const payrollQuery = ({ from, to }: Days) =>
  queryOptions({
    queryKey: ['payroll', { from, to }],
    queryFn: ({ signal }) => answer(api.GET('/api/payroll', { params: { query: { from, to } }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: CALCULATED },
  });

export const employeePayrollQuery = (id: string, { from, to }: Days) =>
  queryOptions({
    queryKey: ['employee-payroll', id, { from, to }],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/payroll/{employee_id}', {
          params: { path: { employee_id: id }, query: { from, to } },
          signal,
        }),
      ),
    meta: { models: CALCULATED },
  });

export const accrualsQuery = (filter: AccrualsQuery) =>
  queryOptions({
    queryKey: ['pay-accruals', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/pay-accruals', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: ['pay_accruals', 'employees', 'money_documents', 'settings'] },
  });

export const accrualQuery = (id: string) =>
  queryOptions({
    queryKey: ['pay-accrual', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/pay-accruals/{accrual_id}', { params: { path: { accrual_id: id } }, signal })),
    meta: { models: [...CALCULATED, 'money_documents'] },
  });

export const payEmployeesQuery = queryOptions({
  queryKey: ['pay-employees'],
  queryFn: ({ signal }) => answer(api.GET('/api/pay-schemes/employees', { signal })),
  meta: { models: ['employees', 'catalogue'] },
});

const SETTLED = ['pay_accruals', 'money_documents', 'employees'] as const;

export const paySettlementsQuery = (filter: SettlementsQuery) =>
  queryOptions({
    queryKey: ['pay-settlements', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/pay-settlements', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: SETTLED },
  });

export const paySettlementQuery = (id: string, filter: SettlementQuery) =>
  queryOptions({
    queryKey: ['pay-settlement', id, filter],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/pay-settlements/{employee_id}', {
          params: { path: { employee_id: id }, query: filter },
          signal,
        }),
      ),
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    meta: { models: SETTLED },
  });

export const ownPayrollQuery = (filter: { page: number; size: number }) =>
  queryOptions({
    queryKey: ['own-payroll', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/own-payroll', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: SETTLED },
  });

export const ownAccrualQuery = (id: string) =>
  queryOptions({
    queryKey: ['own-accrual', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/own-payroll/{accrual_id}', { params: { path: { accrual_id: id } }, signal })),
    meta: { models: SETTLED },
  });

type Versioned = Pick<Accrual, 'id' | 'version'>;

function versioned({ id, version }: Versioned, accepted: Accepted = []) {
  return { path: { accrual_id: id }, header: { ...ifMatch(version), ...accepting(accepted) } };
}

export function createAccrual(accrual: NewAccrual) {
  return answer(api.POST('/api/pay-accruals', { body: accrual }));
}

export function changeAccrual(accrual: Versioned, change: AccrualChange) {
  return answer(api.PATCH('/api/pay-accruals/{accrual_id}', { params: versioned(accrual), body: change }));
}

/** `seen`: the total that is shown. */
export function postAccrual(accrual: Versioned, seen: string) {
  return answer(api.POST('/api/pay-accruals/{accrual_id}/post', { params: versioned(accrual), body: { seen } }));
}

export function unpostAccrual(accrual: Versioned, accepted: Accepted) {
  return answer(api.POST('/api/pay-accruals/{accrual_id}/unpost', { params: versioned(accrual, accepted) }));
}

export function deleteAccrual(accrual: Versioned, accepted: Accepted) {
  return answer(api.POST('/api/pay-accruals/{accrual_id}/delete', { params: versioned(accrual, accepted) }));
}

export function returnAccrual(accrual: Versioned) {
  return answer(api.POST('/api/pay-accruals/{accrual_id}/return', { params: versioned(accrual) }));
}

const SHOWING_PAY = ['payroll', 'employee-payroll', 'pay-accruals', 'pay-accrual', 'pay-settlements', 'pay-settlement'];

/** After an own change: fetch again what shows pay. */
export async function refreshPay(): Promise<void> {
  await Promise.all(SHOWING_PAY.map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
}

const OF_SCHEMES = ['pay_schemes', 'employees', 'services', 'catalogue', 'rights_sets'] as const;

/** The deleted ones too, where the clinic's settings show them. */
export const schemesQuery = queryOptions({
  queryKey: ['pay-schemes'],
  queryFn: ({ signal }) => answer(api.GET('/api/pay-schemes', { params: { query: { deleted: true } }, signal })),
  meta: { models: [...OF_SCHEMES, 'settings'] },
});

export const schemeQuery = (id: string) =>
  queryOptions({
    queryKey: ['pay-schemes', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/pay-schemes/{scheme_id}', { params: { path: { scheme_id: id } }, signal })),
    meta: { models: OF_SCHEMES },
  });

export const ratedQuery = queryOptions({
  queryKey: ['pay-rated'],
  queryFn: ({ signal }) => answer(api.GET('/api/pay-schemes/rated', { signal })),
  meta: { models: ['services', 'catalogue'] },
});

const ofScheme = ({ id, version }: Scheme) => ({ path: { scheme_id: id }, header: ifMatch(version) });

export function createScheme(scheme: NewScheme) {
  return answer(api.POST('/api/pay-schemes', { body: scheme }));
}

export function changeScheme(scheme: Scheme, change: SchemeChange) {
  return answer(api.PATCH('/api/pay-schemes/{scheme_id}', { params: ofScheme(scheme), body: change }));
}

export function deleteScheme(scheme: Scheme) {
  return answer(api.POST('/api/pay-schemes/{scheme_id}/delete', { params: ofScheme(scheme) }));
}

export function returnScheme(scheme: Scheme) {
  return answer(api.POST('/api/pay-schemes/{scheme_id}/return', { params: ofScheme(scheme) }));
}
