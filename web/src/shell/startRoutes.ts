import { createRoute, redirect } from '@tanstack/react-router';
import { firstStepsQuery } from '@/entities/first_steps/queries';
import type { Me } from '@/lib/api/model';
import { isEmpty } from '@/entities/first_steps/steps';
import { shellRoute } from './shellRoute';
import { firstSection, sectionOf } from './sections';

/** Where a user lands: the start page of the set of rights, else the first section that the rights show. */
function startPage(me: Me): string {
  return sectionOf(me.start_page) ?? firstSection(me.rights);
}

export const startRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/',
    beforeLoad: async ({ context }) => {
      if (context.me.rights.includes('clinic_info')) {
        const { done } = await context.queryClient.query(firstStepsQuery);
        if (isEmpty(done)) throw redirect({ to: '/first-steps', replace: true });
      }
      throw redirect({ to: startPage(context.me), replace: true });
    },
  }),
] as const;
