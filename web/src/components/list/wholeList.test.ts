import { expect, test } from 'vitest';
import { PAGE_SIZE } from './listSearch';
import { byText, wholeList } from './wholeList';

interface Row {
  readonly name: string;
  readonly group: string;
}

const row = (group: string, name: string): Row => ({ group, name });
const ROWS = [row('Б', 'Ёлка'), row('А', 'Ящик'), row('А', 'Елань'), row('Б', 'Аист')];
const orders = { group: byText<Row>(({ group }) => group), name: byText<Row>(({ name }) => name) };

function names(search: { q?: string; sort?: string; page?: number }, items: readonly Row[] | undefined = ROWS) {
  return wholeList({ items, search, orders, sort: 'group', text: ({ name }) => name }).rows?.map(({ name }) => name);
}

test('rows of the same place stay as the server has them, either way', () => {
  expect(names({})).toEqual(['Ящик', 'Елань', 'Ёлка', 'Аист']);
  expect(names({ sort: '-group' })).toEqual(['Ёлка', 'Аист', 'Ящик', 'Елань']);
  expect(names({ sort: 'name' })).toEqual(['Аист', 'Елань', 'Ёлка', 'Ящик']);
  expect(names({ sort: 'unknown' })).toEqual(names({}));
});

test('a second text orders what the first leaves', () => {
  const both = [...ROWS].sort(
    byText<Row>(
      ({ group }) => group,
      ({ name }) => name,
    ),
  );
  expect(both.map(({ name }) => name)).toEqual(['Елань', 'Ящик', 'Аист', 'Ёлка']);
});

test('the search finds part of a text in any case, «е» for «ё»', () => {
  expect(names({ q: 'ЕЛ' })).toEqual(['Елань', 'Ёлка']);
  expect(names({ q: 'нет' })).toEqual([]);
});

test('pages are cut from all rows, which the export takes whole', async () => {
  const items = Array.from({ length: PAGE_SIZE + 1 }, (_, at) => row('А', String(at)));
  const list = wholeList({ items, search: { page: 2 }, orders, sort: 'group', text: () => '' });
  expect(list.rows).toEqual([items[PAGE_SIZE]]);
  expect([list.total, (await list.loadAll()).length, list.page]).toEqual([PAGE_SIZE + 1, PAGE_SIZE + 1, 2]);
  expect(wholeList({ items: undefined, search: {}, orders, sort: 'group', text: () => '' }).rows).toBeUndefined();
});
