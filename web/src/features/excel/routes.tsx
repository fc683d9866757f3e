import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/app/shellRoute';
import { isLocalDate } from '@/lib/time';

/** What is exported, as it stands in the address. */
export interface ExportSearch {
  /** Keys of catalogues and documents; everything without it. */
  what?: string[];
  from?: string;
  to?: string;
}

function exportSearch({ what, from, to }: Record<string, unknown>): ExportSearch {
  const found: ExportSearch = {};
  if (Array.isArray(what)) found.what = what.filter((key): key is string => typeof key === 'string');
  if (isLocalDate(from)) found.from = from;
  if (isLocalDate(to)) found.to = to;
  return found;
}

export const excelRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/excel/import',
    beforeLoad: needs('excel_import'),
    component: lazyRouteComponent(() => import('./ImportsPage'), 'ImportsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/excel/import/$id',
    beforeLoad: needs('excel_import'),
    component: lazyRouteComponent(() => import('./ImportPage'), 'ImportPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/excel/export',
    validateSearch: exportSearch,
    beforeLoad: needs('excel_export'),
    component: lazyRouteComponent(() => import('./ExportPage'), 'ExportPage'),
  }),
] as const;
