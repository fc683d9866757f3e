// A card whose fields are declared writes none of their labels by hand: what a field is called in the form, in the journal and in Excel
// is one text (src/lib/api/labels.ts).
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { labels } from './src/lib/api/labels';

const BY_HAND = /\blabel(?:=\{?|: )(["'`])[А-ЯЁA-Z][^"'`]*\1/g;

const byHand = (source) => [...source.matchAll(BY_HAND)].map(([found]) => found);

/** All of their fields are declared. */
const CARDS = [
  'features/article/ArticleWindow.tsx',
  'features/employees/CardFields.tsx',
  'features/patient/CardSections.tsx',
];

test.each(CARDS)('%s', (file) => {
  expect(byHand(readFileSync(new URL(`src/${file}`, import.meta.url), 'utf-8'))).toEqual([]);
});

/** What a change of the card may name, and where it is typed. */
test.each([
  ['PatientChange', 'features/patient/CardSections.tsx'],
  ['EmployeeChange', 'features/employees/CardFields.tsx'],
])('every field of %s has a place in %s', (change, file) => {
  const source = readFileSync(new URL(`src/${file}`, import.meta.url), 'utf-8');
  expect(Object.keys(labels[change]).filter((field) => !source.includes(`'${field}'`))).toEqual([]);
});

test.each(['<ColorField label="Цвет в расписании" />', "shared({ label: 'Пол' })", '<Switch label={`Ведёт приём`} />'])(
  '%s is found',
  (source) => expect(byHand(source)).toHaveLength(1),
);
