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

/** How a new employee begins: one who takes visits; one who gets access to the system next. */
function newEmployeeSearch(search: Record<string, unknown>): { takes_visits?: true; access?: true } {
  return {
    ...(search.takes_visits === true ? { takes_visits: true } : {}),
    ...accessSearch(search),
  };
}

/** The card opens with access to be given. */
function accessSearch(search: Record<string, unknown>): { access?: true } {
  return search.access === true ? { access: true } : {};
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
    validateSearch: newEmployeeSearch,
    beforeLoad: needs('employees'),
    component: lazyRouteComponent(() => import('./NewEmployeePage'), 'NewEmployeePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/employees/$id',
    validateSearch: accessSearch,
    beforeLoad: needs('employees'),
    component: lazyRouteComponent(() => import('./EmployeePage'), 'EmployeePage'),
  }),
] as const;
