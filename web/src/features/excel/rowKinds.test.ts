import { expect, it } from 'vitest';
import { kindsOf, outcomesOf } from './rowKinds';

const NONE = {
  create: 0,
  edit: 0,
  needs_decision: 0,
  decided: 0,
  refused: 0,
  unchanged: 0,
  same_name: 0,
  created: 0,
  edited: 0,
  failed: 0,
  undone: 0,
  not_undone: 0,
};

it('only rows without a decision are said to wait for one, while all can still be seen', () => {
  const shown = [0, 1, 3].map((decided) => {
    const counts = { ...NONE, needs_decision: 3, decided };
    const [tab] = kindsOf(counts);
    return [tab?.title, tab?.count, tab?.rows, Object.fromEntries(outcomesOf({ state: 'checked', counts }))];
  });
  const others = { Создать: 0, Изменить: 0, 'С ошибками': 0, 'Без изменений': 0 };
  expect(shown).toEqual([
    ['На решение', 3, 3, { ...others, 'На решение': 3 }],
    ['На решение', 2, 3, { ...others, 'На решение': 2, Решено: 1 }],
    ['Решено', 3, 3, { ...others, 'На решение': 0, Решено: 3 }],
  ]);
});

it('a loading that is over names rows left without a decision, and what taking it back has left', () => {
  const counts = { ...NONE, create: 1, created: 1, needs_decision: 2, decided: 1 };
  expect(Object.keys(Object.fromEntries(outcomesOf({ state: 'imported', counts })))).toContain('Без решения');
  const undone = outcomesOf({ state: 'undone', counts: { ...counts, decided: 2, undone: 1 } });
  expect(Object.fromEntries(undone)).toMatchObject({ Отменено: 1, Осталось: 0 });
  expect(undone.map(([label]) => label)).not.toContain('Без решения');
});
