import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '@/shell/shellRoute';

export const profileRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/profile',
    component: lazyRouteComponent(() => import('./ProfilePage'), 'ProfilePage'),
  }),
] as const;
