import { describe, expect, it } from 'vitest';
import { readDuration } from './clock';
import { readBirthDate } from './dates';
import examples from './examples.json';
import { readName } from './names';
import { limits } from '../api/limits';
import { readNumber } from './numbers';
import { readPhone } from './phones';
import type { Read } from './read';

/** What people type, and what it means to both sides: the server's tests read this file too (`tests/services/test_typed.py`). */
interface Example<T> {
  written: string;
  /** null: refused. */
  means: T | null;
  /** Where the form and the server differ on purpose, for the reason `why`. */
  form?: T | null;
  why?: string;
}

const value = <T>(read: Read<T>) => (read.ok ? read.value : null);
const expected = <T>({ means, form }: Example<T>) => (form === undefined ? means : form);

describe('what the server reads, the forms read the same', () => {
  it.each(examples.phones as Example<string>[])('phone «$written» is $means', (example) => {
    const read = value(readPhone(example.written));
    expect(read && `+${read.replace(/\D/g, '')}`).toBe(expected(example));
  });

  it.each(examples.births as Example<string>[])('birth date «$written» is $means', (example) => {
    expect(value(readBirthDate(example.written, '2026-11-29'))).toBe(expected(example));
  });

  it.each(examples.sums as Example<string>[])('sum «$written» is $means', (example) => {
    expect(value(readNumber(example.written, { decimals: 2, ...limits.NewService.price, unit: '₽' }))).toBe(
      expected(example),
    );
  });

  it.each(examples.durations as Example<number>[])('duration «$written» is $means', (example) => {
    expect(value(readDuration(example.written))).toBe(expected(example));
  });

  it.each(examples.names)('name «$written» is $means', ({ written, means }) => {
    expect(Object.values(readName(written))).toEqual(means);
  });
});
