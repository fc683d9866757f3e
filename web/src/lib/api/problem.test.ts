import { expect, test } from 'vitest';
import { readProblem } from './problem';

const refused = (fields: unknown) =>
  readProblem(
    new Response(JSON.stringify({ code: 'body_malformed', title: 'Запрос заполнен неверно.', facts: { fields } }), {
      status: 422,
    }),
  );

test.each([
  ['family_name', 'family_name'],
  ['fields.name', 'name'],
  ['lines.0.price', 'price'],
])('a malformed request is shown at its field: %s', async (place, field) => {
  const problem = await refused([{ field: place, reason: 'Текст длиннее 100 символов.' }]);
  expect([problem.code, problem.message, problem.facts.field]).toEqual([
    'wrong_value',
    'Текст длиннее 100 символов.',
    field,
  ]);
});

test.each([[[{ field: '', reason: 'Это не JSON.' }]], [undefined], ['x']])(
  'one that names no field stays what it is',
  async (fields) => {
    const problem = await refused(fields);
    expect([problem.code, problem.message]).toEqual(['body_malformed', 'Запрос заполнен неверно.']);
  },
);
