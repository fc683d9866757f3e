import { expect, test } from 'vitest';
import { monthEnd, presetsOf } from './period';

test('periods end today', () => {
  const found = Object.fromEntries(presetsOf('2026-11-30').map(({ title, from, to }) => [title, `${from} ${to}`]));
  expect(found).toEqual({
    Сегодня: '2026-11-30 2026-11-30',
    Неделя: '2026-11-30 2026-11-30',
    Месяц: '2026-11-01 2026-11-30',
    'Прошлый месяц': '2026-10-01 2026-10-31',
    Квартал: '2026-10-01 2026-11-30',
    Год: '2026-01-01 2026-11-30',
  });
});

test('the end of a month', () => {
  expect(monthEnd('2028-02-10')).toBe('2028-02-29');
  expect(monthEnd('2026-12-31')).toBe('2026-12-31');
});
