import { isLocalDate, type LocalDate } from '@/lib/time';

/** Page and search of a list as they stand in the address; the first page and an empty search are left out. */
export interface ListSearch {
  page?: number;
  q?: string;
  sort?: string;
}

/** The page alone, of a list without search and order. */
export type PageSearch = Pick<ListSearch, 'page'>;

/** Days of a list, both included; each may be missing. */
export interface PeriodSearch {
  from?: LocalDate;
  to?: LocalDate;
}

/** A list whose deleted rows are shown or not otherwise than the clinic's setting says. */
export interface DeletedSearch extends ListSearch {
  deleted?: boolean;
}

/** What of an address's search is to be otherwise; undefined takes a part out of it. */
export type SearchChange<Search> = { [Part in keyof Search]?: Search[Part] | undefined };

/** Such a change for `navigate`: from the first page of the list on. What is typed into the search isn't a step to go back. */
export function searchChanged<Search extends object>(part: SearchChange<Search>) {
  return { search: (now: Search) => ({ ...now, page: undefined, ...part }), replace: 'q' in part };
}

export function deletedSearch(search: Record<string, unknown>): DeletedSearch {
  return { ...listSearch(search), ...(typeof search.deleted === 'boolean' ? { deleted: search.deleted } : {}) };
}

/** Order and page alone leave out no rows. */
export function isFiltered(search: object): boolean {
  return Object.entries(search).some(([key, value]) => value !== undefined && key !== 'page' && key !== 'sort');
}

/** All rows, in the order chosen. */
export function unfiltered<Sort>({ sort }: { sort?: Sort }): { sort?: Sort } {
  return sort === undefined ? {} : { sort };
}

export function listSearch(search: Record<string, unknown>): ListSearch {
  const result: ListSearch = {};
  const page = Number(search.page);
  if (Number.isInteger(page) && page > 1) result.page = page;
  if ((typeof search.q === 'string' || typeof search.q === 'number') && search.q !== '') result.q = String(search.q);
  if (typeof search.sort === 'string' && search.sort !== '') result.sort = search.sort;
  return result;
}

export function pageSearch(search: Record<string, unknown>): PageSearch {
  const { page } = listSearch(search);
  return page === undefined ? {} : { page };
}

export function periodSearch(search: Record<string, unknown>): PeriodSearch {
  const result: PeriodSearch = {};
  if (isLocalDate(search.from)) result.from = search.from;
  if (isLocalDate(search.to)) result.to = search.to;
  return result;
}

/** The order that an address asks for, of those that the list has. */
export function orderOf<const Order extends string>(
  { sort }: ListSearch,
  orders: readonly Order[],
  usual: NoInfer<Order>,
): Order {
  return orders.find((order) => order === sort) ?? usual;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Which of these stand in an address as the id of what rows are to refer to. */
export function idsOf<Name extends string>(
  search: Record<string, unknown>,
  names: readonly Name[],
): { [Part in Name]?: string } {
  const result: { [Part in Name]?: string } = {};
  for (const name of names) {
    const id = search[name];
    if (typeof id === 'string' && ID.test(id)) result[name] = id;
  }
  return result;
}

export const PAGE_SIZE = 50;
const EXPORT_SIZE = 200;
const EXPORT_MOST = 20_000;

/** All rows of a list, page by page. */
export async function allRows<Row>(
  load: (page: number, size: number) => Promise<{ items: readonly Row[]; total: number }>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; rows.length < EXPORT_MOST; page += 1) {
    const { items, total } = await load(page, EXPORT_SIZE);
    rows.push(...items);
    if (items.length === 0 || rows.length >= total) break;
  }
  return rows;
}
