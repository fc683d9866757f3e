import { expect, it } from 'vitest';
import { fileSize } from './fileSize';

it.each([
  [0, '1\u00a0КБ'],
  [1000, '1\u00a0КБ'],
  [84_001, '85\u00a0КБ'],
  [2_500_000, '2,5\u00a0МБ'],
  [25_000_000, '25\u00a0МБ'],
])('%d bytes are «%s»', (bytes, written) => {
  expect(fileSize(bytes)).toBe(written);
});
