import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';
import { visitsSearch } from './search';

export const visitRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/visits',
    validateSearch: visitsSearch,
    beforeLoad: needs('visits'),
    component: lazyRouteComponent(() => import('./VisitsPage'), 'VisitsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/visits/$id',
    ...pageOf('visit', 'calendar'),
    component: lazyRouteComponent(() => import('./VisitPage'), 'VisitPage'),
  }),
] as const;
