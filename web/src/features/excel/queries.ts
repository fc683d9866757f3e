import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

type Shapes = components['schemas'];
export type ExcelImport = Shapes['ExcelImport'];
export type ExcelRow = Shapes['ExcelRow'];
export type CatalogueKey = ExcelImport['catalogue'];
export type Column = Shapes['ExcelColumn'];
export type Decision = NonNullable<ExcelRow['decision']>;
export type Shown = 'create' | 'edit' | 'needs_decision' | 'refused' | 'errors';

export const ROWS = 50;
const LOOK_MS = 1000;

export const contentsQuery = queryOptions({
  queryKey: ['excel'],
  queryFn: ({ signal }) => answer(api.GET('/api/excel', { signal })),
  staleTime: Infinity,
});

/** Work goes on without the browser: it may be left and come back to. */
export function works({ state }: ExcelImport): boolean {
  return state === 'checking' || state === 'importing' || state === 'undoing';
}

export const importsQuery = queryOptions({
  queryKey: ['excel', 'imports'],
  queryFn: ({ signal }) => answer(api.GET('/api/excel/imports', { signal })),
  refetchInterval: ({ state }) => (state.data?.items.some(works) ? LOOK_MS : false),
  meta: { models: ['employees', 'catalogue'] },
});

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['excel', 'import', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/excel/imports/{import_id}', { params: { path: { import_id: id } }, signal })),
    refetchInterval: ({ state }) => (state.data !== undefined && !works(state.data) ? false : LOOK_MS),
    meta: { models: ['employees', 'catalogue'] },
  });

export const rowsQuery = (job: ExcelImport, shown: Shown, page: number) =>
  queryOptions({
    queryKey: ['excel', 'import', job.id, 'rows', job.state, shown, page],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/excel/imports/{import_id}/rows', {
          params: { path: { import_id: job.id }, query: { kind: shown, page, size: ROWS } },
          signal,
        }),
      ),
    // rows that are being read stay as they are
    meta: { models: [] },
  });

export function upload(catalogue: CatalogueKey, file: File): Promise<ExcelImport> {
  return answer(
    api.POST('/api/excel/imports/{catalogue}', {
      params: { path: { catalogue } },
      // the file goes as it is
      body: file as unknown as string,
      bodySerializer: (body) => body as unknown as BodyInit,
      headers: { 'Content-Type': 'application/octet-stream' },
    }),
  );
}

/** About one row, or all. */
export function decide(
  id: string,
  decision: Decision,
  row: Pick<ExcelRow, 'sheet' | 'row'> | null,
): Promise<ExcelImport> {
  return answer(
    api.POST('/api/excel/imports/{import_id}/decisions', {
      params: { path: { import_id: id } },
      body: { decision, ...(row === null ? { sheet: '' } : { sheet: row.sheet, rows: [row.row] }) },
    }),
  );
}

export function start(id: string): Promise<ExcelImport> {
  return answer(api.POST('/api/excel/imports/{import_id}/start', { params: { path: { import_id: id } } }));
}

export function undo(id: string): Promise<ExcelImport> {
  return answer(api.POST('/api/excel/imports/{import_id}/undo', { params: { path: { import_id: id } } }));
}

/** Address of an archive with what was chosen. */
export function exportAddress(catalogues: readonly string[], from: string | null, to: string | null): string {
  const query = new URLSearchParams(catalogues.map((key) => ['catalogues', key]));
  if (from !== null) query.set('from', from);
  if (to !== null) query.set('to', to);
  return `/api/excel/export.zip?${query.toString()}`;
}
