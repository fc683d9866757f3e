// No form holds a limit by hand: how much a field may hold is what the API says (src/lib/api/limits.ts).
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const BY_HAND = /\b(?:maxLength|minLength|max|min)(?:=\{|: )(-?[\d_.]+|[A-Z][A-Z_]+)\}?/g;
// What is typed into a field of components/fields is read by a parser before it is sent: a date may be written in words.
const TYPED = /^components\/fields\//;

function byHand(source) {
  return [...source.matchAll(BY_HAND)].map(([found]) => found);
}

const FILES = readdirSync(new URL('src', import.meta.url), { recursive: true }).filter((file) => file.endsWith('.tsx'));
test.each(FILES)('%s', (file) => {
  const source = readFileSync(new URL(`src/${file}`, import.meta.url), 'utf-8');
  expect(TYPED.test(file) ? [] : byHand(source)).toEqual([]);
});

test.each([
  '<TextInput maxLength={100} />',
  "text('email', { maxLength: 254 })",
  '<CountField max={999} />',
  '<NumberField max={MOST} />',
])('%s is found', (source) => expect(byHand(source)).toHaveLength(1));
