import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/shell/shellRoute';
import { debtsSearch, incomeSearch, linesSearch, loadSearch, paidSearch, turnoverSearch } from './search';

export const reportRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/reports/income',
    validateSearch: incomeSearch,
    beforeLoad: needs('income_report'),
    component: lazyRouteComponent(() => import('./IncomePage'), 'IncomePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/reports/income/lines',
    validateSearch: linesSearch,
    beforeLoad: needs('income_report'),
    component: lazyRouteComponent(() => import('./IncomeLinesPage'), 'IncomeLinesPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/reports/income/paid',
    validateSearch: paidSearch,
    beforeLoad: needs('income_report'),
    component: lazyRouteComponent(() => import('./PaidVisitsPage'), 'PaidVisitsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/reports/debts',
    validateSearch: debtsSearch,
    beforeLoad: needs('debt_report'),
    component: lazyRouteComponent(() => import('./DebtsPage'), 'DebtsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/reports/load',
    validateSearch: loadSearch,
    beforeLoad: needs('load_report'),
    component: lazyRouteComponent(() => import('./LoadPage'), 'LoadPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/reports/stock-turnover',
    validateSearch: turnoverSearch,
    beforeLoad: needs('stock_balances'),
    component: lazyRouteComponent(() => import('./TurnoverPage'), 'TurnoverPage'),
  }),
] as const;
