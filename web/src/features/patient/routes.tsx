import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/app/shellRoute';
import { idsOf, type ListSearch, listSearch } from '@/components/list/listSearch';
import { type At, atSearch } from '@/lib/api/history';
import { isTab, type Tab } from './tabs';

export interface PatientsSearch extends ListSearch {
  category?: string;
  source?: string;
}

function patientsSearch(search: Record<string, unknown>): PatientsSearch {
  return { ...listSearch(search), ...idsOf(search, ['category', 'source']) };
}

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
    beforeLoad: needs('calendar', 'patients'),
    component: lazyRouteComponent(() => import('./PatientPage'), 'PatientPage'),
  }),
] as const;
