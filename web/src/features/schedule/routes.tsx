import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';
import { isLocalDate } from '@/lib/time';
import { isMonth } from './model/dates';

interface HoursSearch {
  /** "2026-11"; without it the present month. */
  month?: string;
  /** The Monday of the week shown alone; without it the whole month. */
  week?: string;
  /** The row to point out. */
  employee?: string;
}

export interface VersionSearch {
  month?: string;
  differences?: boolean;
}

function hoursSearch(search: Record<string, unknown>): HoursSearch {
  const { month, week, employee } = search;
  return {
    ...(typeof month === 'string' && isMonth(month) ? { month } : {}),
    ...(isLocalDate(week) ? { week } : {}),
    ...(typeof employee === 'string' ? { employee } : {}),
  };
}

function versionSearch(search: Record<string, unknown>): VersionSearch {
  const { month, differences } = search;
  return {
    ...(typeof month === 'string' && isMonth(month) ? { month } : {}),
    ...(differences === true ? { differences } : {}),
  };
}

export const scheduleRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/hours',
    validateSearch: hoursSearch,
    ...pageOf('schedule', 'hours'),
    component: lazyRouteComponent(() => import('./HoursPage'), 'HoursPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/hours/versions',
    validateSearch: (search: Record<string, unknown>): { page?: number } =>
      typeof search.page === 'number' && search.page > 1 ? { page: Math.floor(search.page) } : {},
    beforeLoad: needs('hours', 'journal'),
    component: lazyRouteComponent(() => import('./versions/VersionsPage'), 'VersionsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/hours/versions/$version',
    validateSearch: versionSearch,
    beforeLoad: needs('hours', 'journal'),
    component: lazyRouteComponent(() => import('./versions/VersionPage'), 'VersionPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/hours/at',
    validateSearch: (search: Record<string, unknown>): VersionSearch & { moment?: string } => ({
      ...versionSearch(search),
      ...(typeof search.moment === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(search.moment)
        ? { moment: search.moment }
        : {}),
    }),
    beforeLoad: needs('hours', 'journal'),
    component: lazyRouteComponent(() => import('./versions/MomentPage'), 'MomentPage'),
  }),
] as const;
