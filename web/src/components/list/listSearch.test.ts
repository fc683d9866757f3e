import { describe, expect, it } from 'vitest';
import { idsOf, isFiltered, unfiltered } from './listSearch';

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
