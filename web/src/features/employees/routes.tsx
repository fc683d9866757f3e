import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, shellRoute } from '@/app/shellRoute';
import { idsOf, type ListSearch, listSearch } from '@/components/list/listSearch';

export interface EmployeesSearch extends ListSearch {
  position?: string;
  takes_visits?: boolean;
}

function employeesSearch(search: Record<string, unknown>): EmployeesSearch {
  const { takes_visits } = search;
  return {
    ...listSearch(search),
    ...idsOf(search, ['position']),
    ...(typeof takes_visits === 'boolean' ? { takes_visits } : {}),
  };
}

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
    beforeLoad: needs('employees'),
    component: lazyRouteComponent(() => import('./NewEmployeePage'), 'NewEmployeePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/employees/$id',
    beforeLoad: needs('employees'),
    component: lazyRouteComponent(() => import('./EmployeePage'), 'EmployeePage'),
  }),
] as const;
