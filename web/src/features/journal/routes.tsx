import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/shell/shellRoute';
import { accessLogSearch, journalSearch } from './search';

export const journalRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/journal',
    validateSearch: journalSearch,
    beforeLoad: needs('journal'),
    component: lazyRouteComponent(() => import('./JournalPage'), 'JournalPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/journal/viewings',
    validateSearch: accessLogSearch,
    beforeLoad: needs('journal'),
    component: lazyRouteComponent(() => import('./AccessLogPage'), 'AccessLogPage'),
  }),
] as const;
