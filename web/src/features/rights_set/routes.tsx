import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';
import { listSearch } from '@/components/list/listSearch';

export const rightsSetRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/rights',
    validateSearch: listSearch,
    beforeLoad: needs('rights'),
    component: lazyRouteComponent(() => import('./RightsSetsPage'), 'RightsSetsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/rights/new',
    beforeLoad: needs('rights'),
    component: lazyRouteComponent(() => import('./RightsSetPage'), 'NewRightsSetPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/rights/$id',
    ...pageOf('rights_set', 'rights'),
    component: lazyRouteComponent(() => import('./RightsSetPage'), 'RightsSetPage'),
  }),
] as const;
