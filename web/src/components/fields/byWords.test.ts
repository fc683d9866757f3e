import { expect, it } from 'vitest';
import { byWords } from './byWords';

const many = Array.from({ length: 300 }, (_, at) => ({ value: String(at), label: `Услуга ${String(at)}` }));
const options = [
  ...many,
  { group: 'Другие', items: many },
  { group: 'Нет', items: [{ value: 'new', label: 'Создать услугу' }] },
];
const shape = (search: string) =>
  byWords({ options, search }).map((one) => ('group' in one ? [one.group, one.items.length] : one.label));

it('draws a hundred of what a long list has for a text, in each group', () => {
  const found = shape('услуг');
  expect(found.length).toBe(102);
  expect(found.slice(100)).toEqual([
    ['Другие', 100],
    ['Нет', 1],
  ]);
});

it('draws the whole list before anything is typed, and finds what lies behind the hundredth', () => {
  expect(shape('').length).toBe(302);
  expect(shape('услуг 299')).toEqual(['Услуга 299', ['Другие', 1]]);
});
