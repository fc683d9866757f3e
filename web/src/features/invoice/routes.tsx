import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';
import { invoicesSearch, newInvoiceSearch } from './search';

export const invoiceRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/invoices',
    validateSearch: invoicesSearch,
    beforeLoad: needs('invoices', 'settlements'),
    component: lazyRouteComponent(() => import('./InvoicesPage'), 'InvoicesPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/new-invoice',
    validateSearch: newInvoiceSearch,
    beforeLoad: needs('invoices'),
    component: lazyRouteComponent(() => import('./NewInvoicePage'), 'NewInvoicePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/invoices/$id',
    ...pageOf('invoice', 'invoices', 'settlements'),
    component: lazyRouteComponent(() => import('./InvoicePage'), 'InvoicePage'),
  }),
] as const;
