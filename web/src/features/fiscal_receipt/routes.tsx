import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/shell/shellRoute';
import { fiscalReceiptsSearch } from './search';

export const fiscalReceiptRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/fiscal-receipts',
    validateSearch: fiscalReceiptsSearch,
    beforeLoad: needs('fiscal_receipts'),
    component: lazyRouteComponent(() => import('./FiscalReceiptsPage'), 'FiscalReceiptsPage'),
  }),
] as const;
