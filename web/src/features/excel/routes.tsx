import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/shell/shellRoute';
import { exportSearch } from './search';

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
