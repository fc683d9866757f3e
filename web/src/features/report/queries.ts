/** What reports ask, and where their workbooks are. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { components, paths } from '@/lib/api/schema';

export type Income = components['schemas']['IncomeReport'];
export type IncomeGroup = components['schemas']['IncomeGroup'];
export type IncomeTotals = components['schemas']['IncomeTotals'];
export type IncomeLine = components['schemas']['IncomeLine'];
export type PaidVisit = components['schemas']['IncomePaidVisit'];
export type Debtor = components['schemas']['Debtor'];
export type Load = components['schemas']['LoadReport'];
export type LoadRow = components['schemas']['LoadRow'];
export type Turnover = components['schemas']['Turnover'];
type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Asked } } }
  ? NonNullable<Asked>
  : never;

const OF_WORK = [
  'visit_work',
  'stock_documents',
  'account_documents',
  'patients',
  'employees',
  'services',
  'catalogue',
  'settings',
] as const;
/** Reports may be a minute old: they are over long periods, and costly. */
const COMMON = { placeholderData: keepPreviousData, staleTime: 60_000 } as const;

export const incomeQuery = (query: Query<'/api/reports/income'>) =>
  queryOptions({
    ...COMMON,
    queryKey: ['income-report', query],
    queryFn: ({ signal }) => answer(api.GET('/api/reports/income', { params: { query }, signal })),
    meta: { models: OF_WORK },
  });

export const incomeLinesQuery = (query: Query<'/api/reports/income/lines'>) =>
  queryOptions({
    ...COMMON,
    queryKey: ['income-lines', query],
    queryFn: ({ signal }) => answer(api.GET('/api/reports/income/lines', { params: { query }, signal })),
    meta: { models: OF_WORK },
  });

export const paidVisitsQuery = (query: Query<'/api/reports/income/paid'>) =>
  queryOptions({
    ...COMMON,
    queryKey: ['income-paid', query],
    queryFn: ({ signal }) => answer(api.GET('/api/reports/income/paid', { params: { query }, signal })),
    meta: { models: OF_WORK },
  });

export const debtsQuery = (query: Query<'/api/reports/debts'>) =>
  queryOptions({
    ...COMMON,
    queryKey: ['debt-report', query],
    queryFn: ({ signal }) => answer(api.GET('/api/reports/debts', { params: { query }, signal })),
    meta: { models: ['account_documents', 'patients'] },
  });

export const loadQuery = (query: Query<'/api/reports/load'>) =>
  queryOptions({
    ...COMMON,
    queryKey: ['load-report', query],
    queryFn: ({ signal }) => answer(api.GET('/api/reports/load', { params: { query }, signal })),
    meta: { models: ['visit_work', 'employees', 'catalogue', 'working_weeks', 'working_days'] },
  });

export const turnoverQuery = (query: Query<'/api/reports/stock-turnover'>) =>
  queryOptions({
    ...COMMON,
    queryKey: ['stock-turnover', query],
    queryFn: ({ signal }) => answer(api.GET('/api/reports/stock-turnover', { params: { query }, signal })),
    meta: { models: ['stock_documents', 'catalogue'] },
  });

type Report = 'income' | 'income/lines' | 'income/paid' | 'debts' | 'load' | 'stock-turnover';

/** The address of a report's workbook. */
export function workbookAddress(report: Report, query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const asked = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return `/api/reports/${report}/export.xlsx?${asked.toString()}`;
}
