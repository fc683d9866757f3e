import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';
import { taxCertificatesSearch } from './search';

const taxCertificatesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tax-certificates',
  validateSearch: taxCertificatesSearch,
  beforeLoad: needs('tax_certificates'),
  component: lazyRouteComponent(() => import('./TaxCertificatesPage'), 'TaxCertificatesPage'),
});

const taxCertificateRoute = createRoute({
  getParentRoute: () => taxCertificatesRoute,
  path: '$id',
  ...pageOf('tax_certificate', 'tax_certificates'),
  component: lazyRouteComponent(() => import('./TaxCertificatePage'), 'TaxCertificatePage'),
});

export const taxCertificateRoutes = [taxCertificatesRoute.addChildren([taxCertificateRoute])] as const;
