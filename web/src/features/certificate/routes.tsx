import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';
import { certificatesSearch } from './search';

const certificatesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/certificates',
  validateSearch: certificatesSearch,
  beforeLoad: needs('certificates'),
  component: lazyRouteComponent(() => import('./CertificatesPage'), 'CertificatesPage'),
});

const certificateRoute = createRoute({
  getParentRoute: () => certificatesRoute,
  path: '$id',
  ...pageOf('certificate', 'certificates'),
  component: lazyRouteComponent(() => import('./CertificateWindow'), 'CertificatePage'),
});

export const certificateRoutes = [certificatesRoute.addChildren([certificateRoute])] as const;
