import { describe, expect, it } from 'vitest';
import { idsOf } from './listSearch';

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
