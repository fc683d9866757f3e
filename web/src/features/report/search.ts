/** What the addresses of reports say. */
import { idsOf, type ListSearch, listSearch } from '@/components/list/listSearch';
import { isLocalDate, type LocalDate } from '@/lib/time';

/** Days, both included; without them the report shows this month. */
export interface PeriodSearch {
  from?: LocalDate;
  to?: LocalDate;
}

function periodSearch(search: Record<string, unknown>): PeriodSearch {
  const { from, to } = search;
  return isLocalDate(from) && isLocalDate(to) && from <= to ? { from, to } : {};
}

export const GROUPED = {
  performer: 'По исполнителям',
  item: 'По услугам и товарам',
  category: 'По категориям',
  day: 'По дням',
  week: 'По неделям',
  month: 'По месяцам',
} as const;
export type By = keyof typeof GROUPED;

const isBy = (value: unknown): value is By => typeof value === 'string' && Object.hasOwn(GROUPED, value);

export interface IncomeSearch extends PeriodSearch {
  by?: By;
  /** A performer's id, or "none". */
  employee?: string;
}

function choiceOf(
  search: Record<string, unknown>,
  name: 'employee' | 'category',
  words: readonly string[],
): string | undefined {
  const value = search[name];
  return typeof value === 'string' && words.includes(value) ? value : idsOf(search, [name])[name];
}

export function incomeSearch(search: Record<string, unknown>): IncomeSearch {
  const result: IncomeSearch = periodSearch(search);
  const employee = choiceOf(search, 'employee', ['none']);
  if (employee !== undefined) result.employee = employee;
  if (isBy(search.by) && search.by !== 'performer') result.by = search.by;
  return result;
}

export interface LinesSearch extends PeriodSearch, Pick<ListSearch, 'page'> {
  employee?: string;
  item?: string;
  category?: string;
  /** Of patients' first visits alone. */
  first?: true;
}

export function linesSearch(search: Record<string, unknown>): LinesSearch {
  const { page } = listSearch(search);
  const result: LinesSearch = {
    ...periodSearch(search),
    ...idsOf(search, ['item']),
    ...(page === undefined ? {} : { page }),
  };
  const employee = choiceOf(search, 'employee', ['none']);
  const category = choiceOf(search, 'category', ['none', 'goods']);
  if (employee !== undefined) result.employee = employee;
  if (category !== undefined) result.category = category;
  if (search.first === true) result.first = true;
  return result;
}

export const DEBTS = { debts: 'С долгом', prepaid: 'С авансом', all: 'С долгом или авансом' } as const;
export type DebtsShown = keyof typeof DEBTS;
const ORDERS = ['name', '-name', 'debt', '-debt', 'prepaid', '-prepaid', 'oldest', '-oldest'] as const;
export type DebtsSort = (typeof ORDERS)[number];

export interface DebtsSearch extends Omit<ListSearch, 'sort'> {
  /** At the end of which day; none: today. */
  date?: LocalDate;
  show?: DebtsShown;
  sort?: DebtsSort;
}

export const debtsSort = (sort: unknown): DebtsSort | undefined => ORDERS.find((one) => one === sort);

export function debtsSearch(search: Record<string, unknown>): DebtsSearch {
  const { q, page } = listSearch(search);
  const sort = debtsSort(search.sort);
  const result: DebtsSearch = {
    ...(q === undefined ? {} : { q }),
    ...(page === undefined ? {} : { page }),
    ...(sort === undefined || sort === '-debt' ? {} : { sort }),
  };
  if (isLocalDate(search.date)) result.date = search.date;
  if (search.show === 'prepaid' || search.show === 'all') result.show = search.show;
  return result;
}

export interface LoadSearch extends PeriodSearch {
  of?: 'rooms';
}

export function loadSearch(search: Record<string, unknown>): LoadSearch {
  return { ...periodSearch(search), ...(search.of === 'rooms' ? { of: 'rooms' } : {}) };
}

export interface TurnoverSearch extends PeriodSearch, Omit<ListSearch, 'sort'> {
  warehouse?: string;
}

export function turnoverSearch(search: Record<string, unknown>): TurnoverSearch {
  const { q, page } = listSearch(search);
  return {
    ...periodSearch(search),
    ...idsOf(search, ['warehouse']),
    ...(q === undefined ? {} : { q }),
    ...(page === undefined ? {} : { page }),
  };
}
