import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';
import { employeesSearch, newEmployeeSearch, accessSearch } from './search';

export const employeesRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/employees',
    validateSearch: employeesSearch,
    beforeLoad: needs('employees'),
    component: lazyRouteComponent(() => import('./EmployeesPage'), 'EmployeesPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/employees/new',
    validateSearch: newEmployeeSearch,
    beforeLoad: needs('employees'),
    component: lazyRouteComponent(() => import('./NewEmployeePage'), 'NewEmployeePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/employees/$id',
    validateSearch: accessSearch,
    ...pageOf('employee', 'employees'),
    component: lazyRouteComponent(() => import('./EmployeePage'), 'EmployeePage'),
  }),
] as const;
