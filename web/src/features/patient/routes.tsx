import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';
import { type At, atSearch } from '@/entities/history/queries';
import { CARDS } from '@/lib/api/me';
import { isTab, type Tab } from './tabs';
import { patientsSearch } from './search';

export const patientRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/patients',
    validateSearch: patientsSearch,
    beforeLoad: needs('patients'),
    component: lazyRouteComponent(() => import('./PatientsPage'), 'PatientsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/patients/$id',
    validateSearch: (search: Record<string, unknown>): At & { tab?: Tab } =>
      isTab(search.tab) ? { ...(search.tab === 'history' ? atSearch(search) : {}), tab: search.tab } : {},
    ...pageOf('patient', ...CARDS),
    component: lazyRouteComponent(() => import('./PatientPage'), 'PatientPage'),
  }),
] as const;
