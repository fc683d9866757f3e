import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/shell/shellRoute';
import { settlementSearch, settlementsSearch } from './search';

export const settlementRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settlements',
    validateSearch: settlementsSearch,
    beforeLoad: needs('settlements'),
    component: lazyRouteComponent(() => import('./SettlementsPage'), 'SettlementsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settlements/$id',
    validateSearch: settlementSearch,
    beforeLoad: needs('settlements'),
    component: lazyRouteComponent(() => import('./SettlementPage'), 'SettlementPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settlements/$id/register',
    validateSearch: settlementSearch,
    beforeLoad: needs('settlements'),
    component: lazyRouteComponent(() => import('./RegisterPage'), 'RegisterPage'),
  }),
] as const;
