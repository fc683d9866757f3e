import { createRoute, lazyRouteComponent, notFound } from '@tanstack/react-router';
import { needs, shellRoute } from '@/shell/shellRoute';
import { atSearch } from '@/entities/history/queries';
import { isObjectType } from '@/lib/api/objectTypes';

export const historyRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/history/$type/$id',
    validateSearch: atSearch,
    beforeLoad: ({ context, params }) => {
      needs('journal')({ context });
      if (!isObjectType(params.type)) throw notFound();
    },
    component: lazyRouteComponent(() => import('./HistoryPage'), 'HistoryPage'),
  }),
] as const;
