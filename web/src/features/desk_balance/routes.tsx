import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/shell/shellRoute';
import { deskSearch, desksSearch } from './search';

export const deskBalanceRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/money',
    validateSearch: desksSearch,
    beforeLoad: needs('desk_balances'),
    component: lazyRouteComponent(() => import('./DesksPage'), 'DesksPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/money/desks/$id',
    validateSearch: deskSearch,
    beforeLoad: needs('desk_balances'),
    component: lazyRouteComponent(() => import('./DeskPage'), 'DeskPage'),
  }),
] as const;
