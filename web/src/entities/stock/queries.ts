/** Documents of the warehouse: every kind has the same routes and shapes, the types of one stand for all. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Accepted, accepting, answer, api, ifMatch } from '@/lib/api/client';
import { queryClient } from '@/lib/api/queries';
import type { components, paths } from '@/lib/api/schema';

export type StockKind = components['schemas']['StockDocumentKind'];
export type StockDocumentItem = components['schemas']['StockDocumentItem'];
/** `returned`: of a document that issues goods, how much of each came back, in its unit of write-off. */
export type StockDocument = components['schemas']['StockDocumentCard'] & {
  readonly returned?: Readonly<Record<string, string>>;
};
export type StockDefaults = components['schemas']['StockDocumentDefaults'];
export type StockGoods = components['schemas']['StockGoods'];
/** A line as it is sent: of receipts, which have all that lines of any kind have. */
export type WrittenLine = components['schemas']['ReceivedLine'];
export type StockUnit = WrittenLine['unit'];
type NewDocument = components['schemas']['NewStockReceipt'];
type DocumentChange = components['schemas']['StockReceiptChange'];

type DocumentsQuery = NonNullable<paths['/api/stock-receipts']['get']['parameters']['query']>;
export type DocumentsFilter = Omit<DocumentsQuery, 'page' | 'size'>;

const MODELS = ['stock_documents', 'catalogue', 'patients', 'rights_sets'] as const;

function documentsAt(kind: Pick<StockKind, 'path'>) {
  return `/api/${kind.path}` as '/api/stock-receipts';
}

/** The kinds that the user may open. */
export const stockKindsQuery = queryOptions({
  queryKey: ['stock-kinds'],
  queryFn: () => answer(api.GET('/api/stock-documents/kinds')),
  staleTime: Infinity,
  meta: { models: ['accesses', 'rights_sets'] },
});

export const stockDocumentsQuery = (kind: StockKind, filter: DocumentsQuery) =>
  queryOptions({
    queryKey: ['stock-documents', kind.key, filter],
    queryFn: ({ signal }) => answer(api.GET(documentsAt(kind), { params: { query: filter }, signal })),
    // the rows of the page before stay until the next come, but never those of another kind
    placeholderData: (previous, query) => (query?.queryKey[1] === kind.key ? previous : undefined),
    meta: { models: [...MODELS, 'settings'] },
  });

export const stockDocumentQuery = (kind: StockKind, id: string) =>
  queryOptions({
    queryKey: ['stock-document', kind.key, id],
    queryFn: ({ signal }) =>
      answer(api.GET(`${documentsAt(kind)}/{document_id}`, { params: { path: { document_id: id } }, signal })),
    meta: { models: MODELS },
  });

type GoodsQuery = NonNullable<paths['/api/stock-goods']['get']['parameters']['query']>;

/** Goods to write into a line, by words of their name or their article; with what the warehouse has of them. */
export const stockGoodsQuery = (filter: GoodsQuery) =>
  queryOptions({
    queryKey: ['stock-goods', filter],
    queryFn: ({ signal }) => answer(api.GET('/api/stock-goods', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: ['catalogue', 'stock_documents'] },
  });

/** What a warehouse should have of each goods before a count. */
export const stockBookQuery = (asked: paths['/api/stock-book']['get']['parameters']['query']) =>
  queryOptions({
    queryKey: ['stock-book', asked],
    queryFn: ({ signal }) => answer(api.GET('/api/stock-book', { params: { query: asked }, signal })),
    meta: { models: ['stock_documents', 'catalogue'] },
  });

export type ReadLines = components['schemas']['ReadStockLines'];

/** The lines of a sheet, for an open draft. */
export function readLines(kind: StockKind, file: File): Promise<ReadLines> {
  return answer(
    api.POST(`/api/${kind.path}/lines/read` as '/api/stock-receipts/lines/read', {
      // the file goes as it is
      body: file as unknown as string,
      bodySerializer: (body) => body as unknown as BodyInit,
      headers: { 'Content-Type': 'application/octet-stream' },
    }),
  );
}

/** What a new document starts with; the moment is now, so it is asked each time. */
export const stockDefaultsQuery = queryOptions({
  queryKey: ['stock-defaults'],
  queryFn: ({ signal }) => answer(api.GET('/api/stock-documents/defaults', { signal })),
  staleTime: 0,
  gcTime: 0,
  meta: { models: [] },
});

/** The head as its kind declares it, and lines with what its kind has. */
export interface Written {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly lines?: readonly Partial<WrittenLine>[];
}

export function createDocument(kind: StockKind, written: Written, post: boolean, accepted: Accepted) {
  const body = { ...written, post } as NewDocument;
  return answer(api.POST(documentsAt(kind), { params: { header: accepting(accepted) }, body }));
}

type Versioned = Pick<StockDocument, 'id' | 'version'>;

function versioned({ id, version }: Versioned, accepted: Accepted) {
  return { path: { document_id: id }, header: { ...ifMatch(version), ...accepting(accepted) } };
}

export function changeDocument(kind: StockKind, document: Versioned, written: Written, accepted: Accepted) {
  const body = written as DocumentChange;
  return answer(api.PATCH(`${documentsAt(kind)}/{document_id}`, { params: versioned(document, accepted), body }));
}

export function postDocument(kind: StockKind, document: Versioned, accepted: Accepted) {
  return answer(api.POST(`${documentsAt(kind)}/{document_id}/post`, { params: versioned(document, accepted) }));
}

export function unpostDocument(kind: StockKind, document: Versioned, accepted: Accepted) {
  return answer(api.POST(`${documentsAt(kind)}/{document_id}/unpost`, { params: versioned(document, accepted) }));
}

export function deleteDocument(kind: StockKind, document: Versioned, accepted: Accepted) {
  return answer(api.POST(`${documentsAt(kind)}/{document_id}/delete`, { params: versioned(document, accepted) }));
}

export function returnDocument(kind: StockKind, document: Versioned, accepted: Accepted) {
  return answer(api.POST(`${documentsAt(kind)}/{document_id}/return`, { params: versioned(document, accepted) }));
}

const SHOWING_STOCK = [
  'stock-documents',
  'stock-document',
  'stock-goods',
  'stock-book',
  'stock-balances',
  'stock-movements',
  'stock-minimums',
  'stock-to-buy',
  'stock-expiring',
];

/** After an own change: fetch again what shows documents or stock. */
export async function refreshStock(): Promise<void> {
  await Promise.all(SHOWING_STOCK.map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
}
