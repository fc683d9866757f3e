import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '@/shell/shellRoute';

/** Only addresses of our own are returned to: anything else could lead a user to a stranger's page. */
function ownAddress(to: unknown): string | undefined {
  return typeof to === 'string' && /^\/(?![/\\])/.test(to) && !to.startsWith('/signin') ? to : undefined;
}

export const signinRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/signin',
    validateSearch: (search: Record<string, unknown>): { to?: string } => {
      const to = ownAddress(search.to);
      return to === undefined ? {} : { to };
    },
    component: lazyRouteComponent(() => import('./SignInPage'), 'SignInPage'),
  }),
] as const;
