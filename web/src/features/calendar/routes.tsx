import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/shell/shellRoute';
import { clinicNow, dateOf } from '@/lib/time';
import { shownDays } from './queries';
import { calendarSearch } from './search';

export const calendarRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/calendar',
    validateSearch: calendarSearch,
    beforeLoad: needs('calendar'),
    loaderDeps: ({ search: { date, view, doctor } }) => ({ date, view, doctor }),
    // asked for before the page is drawn; the page itself waits for it
    loader: ({ context: { me, queryClient }, deps: { doctor, ...asked } }) => {
      const days = shownDays(asked, dateOf(clinicNow(me.clinic.zone)));
      if (asked.view === 'week') void queryClient.query(days.staff).catch(() => undefined);
      if (asked.view !== 'week' || doctor !== undefined)
        void queryClient.query(days.visits(doctor ?? null)).catch(() => undefined);
    },
    component: lazyRouteComponent(() => import('./CalendarPage'), 'CalendarPage'),
  }),
] as const;
