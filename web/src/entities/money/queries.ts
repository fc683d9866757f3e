/** Money documents: every kind has the same routes and shapes, the types of one stand for all. */
import { queryOptions } from '@tanstack/react-query';
import { type Accepted, accepting, answer, api, ifMatch } from '@/lib/api/client';
import { queryClient } from '@/lib/api/queries';
import type { components, paths } from '@/lib/api/schema';

export type MoneyKind = components['schemas']['MoneyDocumentKind'];
export type MoneyDocumentItem = components['schemas']['MoneyDocumentItem'];
export type MoneyDocument = components['schemas']['MoneyDocumentCard'];
export type MoneyDefaults = components['schemas']['MoneyDocumentDefaults'];
export type ArticleChoice = components['schemas']['ArticleChoice'];
export type WrittenMoneyLine = components['schemas']['WrittenMoneyLine'];
export type WrittenPayment = components['schemas']['WrittenPayment'];
export type Direction = NonNullable<MoneyKind['direction']>;
type NewDocument = components['schemas']['NewMoneyOutgo'];
type DocumentChange = components['schemas']['MoneyOutgoChange'];
type DocumentsQuery = NonNullable<paths['/api/money-outgoes']['get']['parameters']['query']>;
export type MoneyFilter = Omit<DocumentsQuery, 'page' | 'size'>;

const MODELS = [
  'money_documents',
  'catalogue',
  'articles',
  'patients',
  'employees',
  'rights_sets',
  'pay_accruals',
  'authors',
] as const;

function moneyAt(kind: Pick<MoneyKind, 'path'>) {
  return `/api/${kind.path}` as '/api/money-outgoes';
}

/** The kinds that the user may open. */
export const moneyKindsQuery = queryOptions({
  queryKey: ['money-kinds'],
  queryFn: () => answer(api.GET('/api/money-documents/kinds')),
  staleTime: Infinity,
  meta: { models: ['accesses', 'rights_sets'] },
});

export const moneyDocumentsQuery = (kind: MoneyKind, filter: MoneyFilter & Pick<DocumentsQuery, 'page' | 'size'>) =>
  queryOptions({
    queryKey: ['money-documents', kind.key, filter],
    queryFn: ({ signal }) => answer(api.GET(moneyAt(kind), { params: { query: filter }, signal })),
    // the rows of the page before stay until the next come, but never those of another kind
    placeholderData: (previous, query) => (query?.queryKey[1] === kind.key ? previous : undefined),
    meta: { models: [...MODELS, 'settings'] },
  });

export const moneyDocumentQuery = (kind: MoneyKind, id: string) =>
  queryOptions({
    queryKey: ['money-document', kind.key, id],
    queryFn: ({ signal }) =>
      answer(api.GET(`${moneyAt(kind)}/{document_id}`, { params: { path: { document_id: id } }, signal })),
    meta: { models: [...MODELS, 'stock_documents', 'invoices'] },
  });

/** What a new document starts with; the moment is now, so it is asked each time. */
export const moneyDefaultsQuery = queryOptions({
  queryKey: ['money-defaults'],
  queryFn: ({ signal }) => answer(api.GET('/api/money-documents/defaults', { signal })),
  staleTime: 0,
  gcTime: 0,
  meta: { models: [] },
});

export const articleChoicesQuery = (direction: Direction) =>
  queryOptions({
    queryKey: ['article-choices', direction],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/money-documents/articles', { params: { query: { direction } }, signal })),
    meta: { models: ['articles'] },
  });

export const receiversQuery = queryOptions({
  queryKey: ['money-receivers'],
  queryFn: ({ signal }) => answer(api.GET('/api/money-documents/receivers', { signal })),
  meta: { models: ['employees', 'catalogue'] },
});

/** Receipts of a supplier that aren't paid whole. `outgo`: the outgo that is being written, whose payments don't count. */
export const unpaidReceiptsQuery = (counterparty: string, outgo: string | undefined) =>
  queryOptions({
    queryKey: ['unpaid-receipts', counterparty, outgo ?? null],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/settlements/{counterparty_id}/unpaid-receipts', {
          params: { path: { counterparty_id: counterparty }, query: { outgo_id: outgo } },
          signal,
        }),
      ),
    meta: { models: ['money_documents', 'stock_documents', 'catalogue'] },
  });

/** Invoices to an organisation that aren't paid whole. `income`: the income that is being written, whose payments don't count. */
export const unpaidInvoicesQuery = (counterparty: string, income: string | undefined) =>
  queryOptions({
    queryKey: ['unpaid-invoices', counterparty, income ?? null],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/settlements/{counterparty_id}/unpaid-invoices', {
          params: { path: { counterparty_id: counterparty }, query: { income_id: income } },
          signal,
        }),
      ),
    meta: { models: ['money_documents', 'invoices', 'catalogue'] },
  });

/** The head as its kind declares it, and what else its kind has. */
export interface WrittenMoney {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly lines?: readonly WrittenMoneyLine[];
  readonly pays?: readonly WrittenPayment[];
}

export function createMoneyDocument(kind: MoneyKind, written: WrittenMoney, accepted: Accepted) {
  return answer(api.POST(moneyAt(kind), { params: { header: accepting(accepted) }, body: written as NewDocument }));
}

type Versioned = Pick<MoneyDocument, 'id' | 'version'>;

function versioned({ id, version }: Versioned, accepted: Accepted = []) {
  return { path: { document_id: id }, header: { ...ifMatch(version), ...accepting(accepted) } };
}

export function changeMoneyDocument(kind: MoneyKind, document: Versioned, written: WrittenMoney, accepted: Accepted) {
  const body = written as DocumentChange;
  return answer(api.PATCH(`${moneyAt(kind)}/{document_id}`, { params: versioned(document, accepted), body }));
}

export function deleteMoneyDocument(kind: MoneyKind, document: Versioned) {
  return answer(api.POST(`${moneyAt(kind)}/{document_id}/delete`, { params: versioned(document) }));
}

export function returnMoneyDocument(kind: MoneyKind, document: Versioned, accepted: Accepted) {
  return answer(api.POST(`${moneyAt(kind)}/{document_id}/return`, { params: versioned(document, accepted) }));
}

const SHOWING_MONEY = [
  'money-documents',
  'money-document',
  'desk-balances',
  'desk-card',
  'closed-days',
  'settlements',
  'settlement',
  'unpaid-receipts',
  'unpaid-invoices',
  'invoices',
  'day-statistics',
  'pay-accruals',
  'pay-accrual',
  'pay-settlements',
  'pay-settlement',
];

/** After an own change: fetch again what shows documents or money. */
export async function refreshMoney(): Promise<void> {
  await Promise.all(SHOWING_MONEY.map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
}
