import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { ObjectPage } from '@/entities/object/objectPages';
import { allows, meQuery, type Needed } from '@/lib/api/me';
import type { Right } from '@/lib/api/model';
import type { ObjectType } from '@/lib/api/objectTypes';
import { isProblem, Problem } from '@/lib/api/problem';
import { NotFoundPage, RootErrorPage, RootNotFoundPage } from './ErrorPage';
import { ShellPending } from './ShellPending';

export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  errorComponent: RootErrorPage,
  notFoundComponent: RootNotFoundPage,
});

/** Parent of every page behind the sign-in: loads the user, draws menu and frame. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.query({ ...meQuery, staleTime: 'static' });
      return { me };
    } catch (error) {
      if (isProblem(error, 'signed_out')) throw redirect({ to: '/signin', search: { to: location.href } });
      throw error;
    }
  },
  component: lazyRouteComponent(() => import('./Shell'), 'Shell'),
  pendingComponent: ShellPending,
  notFoundComponent: NotFoundPage,
});

/**
 * `beforeLoad: needs('journal')` — a page for users with this right (or one of the alternatives); others get the page «Нет доступа».
 * The server refuses by itself; this only saves them a page full of refusals.
 */
export function needs(...alternatives: Needed[]) {
  return ({ context }: { context: { me: { rights: readonly Right[] } } }): void => {
    if (!allows(context.me.rights, alternatives)) {
      throw new Problem(403, 'right_missing', 'У вас нет доступа к этому разделу.');
    }
  };
}

/**
 * `...pageOf('service', 'services')` — the page of objects of a type, with the object's id as `$id` of its path. History, journal and search lead
 * there; it needs one of the alternatives.
 */
export function pageOf(type: ObjectType, ...alternatives: Needed[]) {
  const objectPage: ObjectPage = { type, alternatives };
  return { beforeLoad: needs(...alternatives), staticData: { objectPage } };
}
