import { nameKey } from '@/lib/text';
import { type ListSearch, PAGE_SIZE } from './listSearch';

export type Order<Row> = (one: Row, other: Row) => number;

/** By the first of these texts, by the second where the first are the same, and so on. */
export function byText<Row>(...texts: ((row: Row) => string)[]): Order<Row> {
  return (one, other) => texts.reduce((order, text) => order || text(one).localeCompare(text(other), 'ru'), 0);
}

interface WholeList<Row> {
  readonly items: readonly Row[] | undefined;
  readonly search: ListSearch;
  /** Orders by their names in the address; rows of the same place stay as the server has them. */
  readonly orders: Readonly<Record<string, Order<Row>>>;
  /** Name of the order where the address has none. */
  readonly sort: string;
  /** What the search looks in. */
  readonly text: (row: Row) => string;
  /** Filters of the page. */
  readonly shows?: (row: Row) => boolean;
}

/** What a `ListTable` shows of a table that is here as a whole: the rows that the search leaves, in their order, page by page. */
export function wholeList<Row>({ items, search, orders, sort: byDefault, text, shows = () => true }: WholeList<Row>) {
  const { page = 1, sort = byDefault } = search;
  const words = nameKey(search.q ?? '');
  const down = sort.startsWith('-');
  const order = orders[down ? sort.slice(1) : sort] ?? orders[byDefault] ?? (() => 0);
  const found = items
    ?.filter((row) => nameKey(text(row)).includes(words) && shows(row))
    .sort((one, other) => (down ? order(other, one) : order(one, other)));
  return {
    rows: found?.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE),
    total: found?.length,
    sort,
    page,
    waiting: false,
    /** Of all pages. */
    all: found ?? [],
    loadAll: () => Promise.resolve(found ?? []),
  };
}

/** What a `ListTable` shows of rows that come all at once, on one page and in the server's order. */
export function onOnePage<Row>(rows: readonly Row[] | undefined) {
  return {
    rows,
    total: rows?.length,
    sort: '',
    page: 1,
    onChange: () => undefined,
    loadAll: () => Promise.resolve(rows ?? []),
  };
}
