import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { components, paths } from '@/lib/api/schema';
import type { AccessLogSearch, JournalSearch } from './search';

export type JournalItem = components['schemas']['JournalItem'];
export type AccessLogItem = components['schemas']['AccessLogItem'];
export type ExportColumn = NonNullable<
  NonNullable<paths['/api/journal/export.xlsx']['get']['parameters']['query']>['columns']
>[number];
export const PAGE_SIZE = 50;

/** The filters by the names that the server knows them by. */
export function asked({ user, type, object, kind, from, to, q, sort }: JournalSearch) {
  return {
    ...(user === undefined ? {} : { user_id: user }),
    ...(type === undefined ? {} : { object_type: type }),
    ...(object === undefined ? {} : { object_id: object }),
    ...(kind === undefined ? {} : { kind }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(q === undefined ? {} : { q }),
    ...(sort === undefined ? {} : { sort }),
  };
}

/** One page as it was when it was asked for: a list that is being read doesn't move by itself. */
export const journalQuery = (search: JournalSearch) =>
  queryOptions({
    queryKey: ['journal', search],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/journal', {
          params: { query: { ...asked(search), page: search.page ?? 1, size: PAGE_SIZE } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 0,
    meta: { models: [] },
  });

/** How many entries these filters find now: follows the log, so that the page can offer the new ones. */
export const journalCountQuery = (search: JournalSearch) =>
  queryOptions({
    queryKey: ['journal-count', { ...search, page: undefined, sort: undefined }],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/api/journal', { params: { query: { ...asked(search), page: 1, size: 1 } }, signal })))
        .total,
    meta: { models: ['journal'] },
  });

export const journalFiltersQuery = queryOptions({
  queryKey: ['journal-filters'],
  queryFn: () => answer(api.GET('/api/journal/filters')),
  staleTime: 5 * 60_000,
  meta: { models: ['accesses', 'employees'] },
});

/** Address of the workbook with all entries that the filters find, in the order and with the columns seen. */
export function exportAddress(search: JournalSearch, columns: readonly ExportColumn[]): string {
  const query = new URLSearchParams(asked(search));
  columns.forEach((column) => query.append('columns', column));
  return `/api/journal/export.xlsx?${query.toString()}`;
}

export function accessLogFilters({ user, patient, from, to, q }: AccessLogSearch) {
  return {
    ...(user === undefined ? {} : { user_id: user }),
    ...(patient === undefined ? {} : { patient_id: patient }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(q === undefined ? {} : { q }),
  };
}

/** Looks at personal data, by patient, user and period; as they were when they were asked for, like the journal. */
export const accessLogQuery = ({ page, ...search }: AccessLogSearch) =>
  queryOptions({
    queryKey: ['access-log', { ...search, page }],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/access-log', {
          params: { query: { ...accessLogFilters(search), page: page ?? 1, size: PAGE_SIZE } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 0,
    meta: { models: [] },
  });

/** Address of the workbook with all looks that the filters find. */
export function accessLogExportAddress(search: AccessLogSearch): string {
  return `/api/access-log/export.xlsx?${new URLSearchParams(accessLogFilters(search)).toString()}`;
}
