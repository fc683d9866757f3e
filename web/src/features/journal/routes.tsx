import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/shell/shellRoute';
import { journalSearch, viewingsSearch } from './search';

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
    validateSearch: viewingsSearch,
    beforeLoad: needs('journal'),
    component: lazyRouteComponent(() => import('./ViewingsPage'), 'ViewingsPage'),
  }),
] as const;
