import { describe, expect, it } from 'vitest';
import { quantity } from './units';

describe('quantities with units', () => {
  it.each([
    ['1', 'штука', '1 штука'],
    ['693', 'штука', '693 штуки'],
    ['11', 'Штука', '11 штук'],
    ['-2', 'зуб', '−2 зуба'],
    ['1.5', 'миллилитр', '1,5 миллилитра'],
    ['5', 'процедура', '5 процедур'],
    ['22', 'минута', '22 минуты'],
    ['693', 'уп.', '693 уп.'],
    ['3', '', '3'],
  ])('%s of %s', (amount, unit, said) => {
    expect(quantity(amount, unit).replace('\u00a0', ' ')).toBe(said);
  });
});
