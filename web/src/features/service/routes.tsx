import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';
import { servicesSearch } from './search';

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
  ...pageOf('service', 'services'),
  component: lazyRouteComponent(() => import('./ServiceWindow'), 'ServicePage'),
});

export const serviceRoutes = [servicesRoute.addChildren([serviceRoute])] as const;
