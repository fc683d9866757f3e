import { describe, expect, it } from 'vitest';
import { toCsv } from './csv';

describe('an exported list', () => {
  it('keeps separators, quotes and line breaks inside of their cell', () => {
    expect(toCsv([['a;b', 'say "aah"', 'one\ntwo']])).toBe('\uFEFF"a;b";"say ""aah""";"one\ntwo"\r\n');
  });

  it('starts no formula, but leaves numbers as they are', () => {
    expect(toCsv([['=1+1', ' @cmd', '+7 912', '-12,50', '-x']])).toBe("\uFEFF'=1+1;' @cmd;'+7 912;-12,50;'-x\r\n");
  });
});
