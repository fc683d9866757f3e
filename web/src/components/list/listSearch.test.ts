import { describe, expect, it } from 'vitest';
import { idsOf, isFiltered, orderOf, pageSearch, periodSearch, unfiltered } from './listSearch';

const ID = '3f1c2a9e-5b7d-4c80-9a11-0d2e4f6a8b9c';

describe('the filters of an address', () => {
  it('are those that are asked for and hold an id', () => {
    const search = { category: ID, source: 'vip', position: 7, by_unit: ID.toUpperCase(), other: ID };
    expect(idsOf(search, ['category', 'source', 'position', 'by_unit'])).toEqual({
      category: ID,
      by_unit: ID.toUpperCase(),
    });
  });
});

it('a list is narrowed by anything in its address but order and page, and without all that it keeps its order', () => {
  expect([{}, { page: 2, sort: 'name' }, { q: undefined }].map(isFiltered)).toEqual([false, false, false]);
  expect([{ q: 'а' }, { deleted: false }, { by_unit: ID, sort: 'name' }].map(isFiltered)).toEqual([true, true, true]);
  expect(unfiltered({ q: 'а', page: 3, sort: '-name' } as object)).toEqual({ sort: '-name' });
  expect(unfiltered({})).toEqual({});
});

it('an address keeps days and a page that are some, and an order that the list has', () => {
  expect(periodSearch({ from: '2026-02-30', to: '2026-03-01', other: 1 })).toEqual({ to: '2026-03-01' });
  expect([{ page: 3, q: 'а' }, { page: 1 }, { page: 'x' }].map(pageSearch)).toEqual([{ page: 3 }, {}, {}]);
  const ORDERS = ['name', '-name', 'total'] as const;
  expect(orderOf({ sort: '-name' }, ORDERS, 'name')).toBe('-name');
  expect([{ sort: 'secret' }, {}].map((search) => orderOf(search, ORDERS, 'total'))).toEqual(['total', 'total']);
});
