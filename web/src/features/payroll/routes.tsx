import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { deletedSearch, listSearch, periodSearch } from '@/components/list/listSearch';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';
import { accrualsSearch, newSearch, settlementSearch, settlementsSearch } from './search';

const schemesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/pay-schemes',
  validateSearch: deletedSearch,
  beforeLoad: needs('pay_schemes'),
  component: lazyRouteComponent(() => import('./SchemesPage'), 'SchemesPage'),
});

const schemeRoute = createRoute({
  getParentRoute: () => schemesRoute,
  path: '$id',
  ...pageOf('pay_scheme', 'pay_schemes'),
  component: lazyRouteComponent(() => import('./SchemeWindow'), 'SchemePage'),
});

export const payrollRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/payroll',
    validateSearch: periodSearch,
    beforeLoad: needs('payroll'),
    component: lazyRouteComponent(() => import('./PayrollPage'), 'PayrollPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/payroll/$id',
    validateSearch: periodSearch,
    beforeLoad: needs('payroll'),
    component: lazyRouteComponent(() => import('./EmployeePayrollPage'), 'EmployeePayrollPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/pay-accruals',
    validateSearch: accrualsSearch,
    beforeLoad: needs('payroll'),
    component: lazyRouteComponent(() => import('./AccrualsPage'), 'AccrualsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/pay-accruals/$id',
    validateSearch: newSearch,
    ...pageOf('pay_accrual', 'payroll'),
    component: lazyRouteComponent(() => import('./AccrualPage'), 'AccrualPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/pay-settlements',
    validateSearch: settlementsSearch,
    beforeLoad: needs('payroll'),
    component: lazyRouteComponent(() => import('./SettlementsPage'), 'SettlementsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/pay-settlements/$id',
    validateSearch: settlementSearch,
    beforeLoad: needs('payroll'),
    component: lazyRouteComponent(() => import('./SettlementPage'), 'SettlementPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/own-payroll',
    validateSearch: listSearch,
    beforeLoad: needs('own_payroll'),
    component: lazyRouteComponent(() => import('./OwnPayrollPage'), 'OwnPayrollPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/own-payroll/$id',
    beforeLoad: needs('own_payroll'),
    component: lazyRouteComponent(() => import('./OwnAccrualPage'), 'OwnAccrualPage'),
  }),
  schemesRoute.addChildren([schemeRoute]),
] as const;
