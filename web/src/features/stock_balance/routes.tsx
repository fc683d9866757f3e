import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/shell/shellRoute';
import { balancesSearch, expiringSearch, movementsSearch, toBuySearch } from './search';

export const stockBalanceRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/stock',
    validateSearch: balancesSearch,
    beforeLoad: needs('stock_balances'),
    component: lazyRouteComponent(() => import('./BalancesPage'), 'BalancesPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/stock/to-buy',
    validateSearch: toBuySearch,
    beforeLoad: needs('stock_balances'),
    component: lazyRouteComponent(() => import('./ToBuyPage'), 'ToBuyPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/stock/expiring',
    validateSearch: expiringSearch,
    beforeLoad: needs('stock_balances'),
    component: lazyRouteComponent(() => import('./ExpiringPage'), 'ExpiringPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/stock/goods/$id',
    validateSearch: movementsSearch,
    beforeLoad: needs('stock_balances'),
    component: lazyRouteComponent(() => import('./MovementsPage'), 'MovementsPage'),
  }),
] as const;
