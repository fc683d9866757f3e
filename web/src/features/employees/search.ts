import { idsOf, type ListSearch, listSearch } from '@/components/list/listSearch';

export interface EmployeesSearch extends ListSearch {
  position?: string;
  takes_visits?: boolean;
}

export function employeesSearch(search: Record<string, unknown>): EmployeesSearch {
  const { takes_visits } = search;
  return {
    ...listSearch(search),
    ...idsOf(search, ['position']),
    ...(typeof takes_visits === 'boolean' ? { takes_visits } : {}),
  };
}

/** How a new employee begins: one who takes visits; one who gets access to the system next. */
export function newEmployeeSearch(search: Record<string, unknown>): { takes_visits?: true; access?: true } {
  return {
    ...(search.takes_visits === true ? { takes_visits: true } : {}),
    ...accessSearch(search),
  };
}

/** The card opens with access to be given. */
export function accessSearch(search: Record<string, unknown>): { access?: true } {
  return search.access === true ? { access: true } : {};
}
