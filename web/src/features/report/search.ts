/** What the addresses of reports say. */
import {
  idsOf,
  type ListSearch,
  listSearch,
  type PageSearch,
  pageSearch,
  type PeriodSearch,
} from '@/components/list/listSearch';
import { isLocalDate, type LocalDate } from '@/lib/time';

/** Without both days the report shows this month. */
function daysSearch(search: Record<string, unknown>): PeriodSearch {
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
  const result: IncomeSearch = daysSearch(search);
  const employee = choiceOf(search, 'employee', ['none']);
  if (employee !== undefined) result.employee = employee;
  if (isBy(search.by) && search.by !== 'performer') result.by = search.by;
  return result;
}

export interface LinesSearch extends PeriodSearch, PageSearch {
  employee?: string;
  item?: string;
  category?: string;
  /** Of patients' first visits alone. */
  first?: true;
}

export function linesSearch(search: Record<string, unknown>): LinesSearch {
  const result: LinesSearch = { ...daysSearch(search), ...idsOf(search, ['item']), ...pageSearch(search) };
  const employee = choiceOf(search, 'employee', ['none']);
  const category = choiceOf(search, 'category', ['none', 'goods']);
  if (employee !== undefined) result.employee = employee;
  if (category !== undefined) result.category = category;
  if (search.first === true) result.first = true;
  return result;
}

export interface PaidSearch extends PeriodSearch, PageSearch {}

export function paidSearch(search: Record<string, unknown>): PaidSearch {
  return { ...daysSearch(search), ...pageSearch(search) };
}

export const DEBTS = { debts: 'С долгом', prepaid: 'С авансом', all: 'С долгом или авансом' } as const;
export type DebtsShown = keyof typeof DEBTS;

export interface DebtsSearch extends ListSearch {
  /** At the end of which day; none: today. */
  date?: LocalDate;
  show?: DebtsShown;
}

export function debtsSearch(search: Record<string, unknown>): DebtsSearch {
  const result: DebtsSearch = listSearch(search);
  if (isLocalDate(search.date)) result.date = search.date;
  if (search.show === 'prepaid' || search.show === 'all') result.show = search.show;
  return result;
}

export interface LoadSearch extends PeriodSearch {
  of?: 'rooms';
}

export function loadSearch(search: Record<string, unknown>): LoadSearch {
  return { ...daysSearch(search), ...(search.of === 'rooms' ? { of: 'rooms' } : {}) };
}

export interface TurnoverSearch extends PeriodSearch, Omit<ListSearch, 'sort'> {
  warehouse?: string;
}

export function turnoverSearch(search: Record<string, unknown>): TurnoverSearch {
  const { q, page } = listSearch(search);
  return {
    ...daysSearch(search),
    ...idsOf(search, ['warehouse']),
    ...(q === undefined ? {} : { q }),
    ...(page === undefined ? {} : { page }),
  };
}
