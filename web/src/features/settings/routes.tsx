import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';

/** The moment of a history: the clinic's clock, no zone. */
function momentOf(search: Record<string, unknown>): { moment?: string } {
  const { moment } = search;
  return typeof moment === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(moment) ? { moment } : {};
}

/** The version that is looked into, and what is looked for; the current one of МКБ-10 without. */
function dictionarySearch(search: Record<string, unknown>): { oid?: string; version?: string; q?: string } {
  const { oid, version, q } = search;
  return {
    ...(typeof oid === 'string' ? { oid } : {}),
    ...(typeof version === 'string' || typeof version === 'number' ? { version: String(version) } : {}),
    ...(typeof q === 'string' || typeof q === 'number' ? { q: String(q) } : {}),
  };
}

export const settingsRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/dictionaries',
    validateSearch: dictionarySearch,
    beforeLoad: needs('dictionaries'),
    component: lazyRouteComponent(() => import('./DictionariesPage'), 'DictionariesPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings',
    ...pageOf('settings', 'clinic_settings'),
    component: lazyRouteComponent(() => import('./SettingsPage'), 'SettingsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/history',
    validateSearch: momentOf,
    beforeLoad: needs('clinic_settings'),
    component: lazyRouteComponent(() => import('./SettingsHistoryPage'), 'SettingsHistoryPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/clinic',
    beforeLoad: needs('clinic_info'),
    component: lazyRouteComponent(() => import('./ClinicInformationPage'), 'ClinicInformationPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/settings/clinic/history',
    validateSearch: momentOf,
    beforeLoad: needs('clinic_info'),
    component: lazyRouteComponent(() => import('./SettingsHistoryPage'), 'InformationHistoryPage'),
  }),
] as const;
