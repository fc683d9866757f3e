import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/app/shellRoute';
import { type DeletedSearch, deletedSearch } from '@/components/list/listSearch';

export interface ServicesSearch extends DeletedSearch {
  /** Of a category, and of those that a doctor gives. */
  category?: string;
  doctor?: string;
}

function servicesSearch(search: Record<string, unknown>): ServicesSearch {
  const result: ServicesSearch = deletedSearch(search);
  if (typeof search.category === 'string' && search.category !== '') result.category = search.category;
  if (typeof search.doctor === 'string' && search.doctor !== '') result.doctor = search.doctor;
  return result;
}

const servicesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/services',
  validateSearch: servicesSearch,
  beforeLoad: needs('services'),
  component: lazyRouteComponent(() => import('./ServicesPage'), 'ServicesPage'),
});

const serviceRoute = createRoute({
  getParentRoute: () => servicesRoute,
  path: '$id',
  component: lazyRouteComponent(() => import('./ServiceWindow'), 'ServicePage'),
});

export const serviceRoutes = [servicesRoute.addChildren([serviceRoute])] as const;
