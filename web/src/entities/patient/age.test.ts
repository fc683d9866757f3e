import { expect, test } from 'vitest';
import { isAlarming, formatAge } from './age';

test('an age counts from the birthday, and by the year alone is about right', () => {
  expect(formatAge('1990-11-29', '2026-11-29')).toBe('36 лет');
  expect(formatAge('1990-11-30', '2026-11-29')).toBe('35 лет');
  expect(formatAge('1984-02-29', '2026-02-28')).toBe('41 год');
  expect(formatAge('1990', '2026-11-29')).toBe('около 36 лет');
  expect(formatAge('--11-30', '2026-11-29')).toBeNull();
  expect(formatAge('', '2026-11-29')).toBeNull();
});

test('an allergy is seen however the word is written', () => {
  expect(isAlarming('Аллергия на лидокаин')).toBe(true);
  expect(isAlarming('лекарственная НЕПЕРЕНОСИМОСТЬ')).toBe(true);
  expect(isAlarming('просит звонить вечером')).toBe(false);
});
