import { expect, it } from 'vitest';
import { fileSize } from './fileSize';

it.each([
  [0, '1\u00a0КБ'],
  [1024, '1\u00a0КБ'],
  [84_001, '83\u00a0КБ'],
  [2_500_000, '2,4\u00a0МБ'],
  [26_214_400, '25\u00a0МБ'],
])('%d bytes are «%s»', (bytes, written) => {
  expect(fileSize(bytes)).toBe(written);
});
