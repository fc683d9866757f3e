import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/shell/shellRoute';

export const firstStepsRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/first-steps',
    beforeLoad: needs('clinic_info'),
    component: lazyRouteComponent(() => import('./FirstStepsPage'), 'FirstStepsPage'),
  }),
] as const;
