import { describe, expect, it } from 'vitest';
import { differenceOf, totalOf, withPrice, withQuantity, withSum } from './lineMoney';

const line = (quantity: string, price = '', sum = '') => ({ quantity, price, sum });

describe('price and sum of a line', () => {
  it.each([
    ['3', '33.33', '99.99'],
    ['0.5', '0.01', '0.01'],
    ['2.5', '1500.5', '3751.25'],
    ['10', '0', '0'],
    ['', '12', ''],
    ['1,', '12', ''],
  ])('%s at %s come to %s', (quantity, price, sum) => {
    expect(withPrice(line(quantity), price).sum).toBe(sum);
  });

  it.each([
    ['3', '100', '33.33'],
    ['8', '1', '0.13'],
    ['0', '100', ''],
    ['', '100', ''],
  ])('%s for %s in all are %s each', (quantity, sum, price) => {
    expect(withSum(line(quantity), sum).price).toBe(price);
  });

  it('another quantity leaves the price', () => {
    expect(withQuantity(line('2', '10', '20'), '3')).toEqual(line('3', '10', '30'));
    expect(withQuantity(line('', '10', ''), '3')).toEqual(line('3', '10', '30'));
    expect(withQuantity(line('2', '10', '20'), '')).toEqual(line('', '10', ''));
  });

  it('another quantity leaves a sum that the price never came to', () => {
    expect(withQuantity(line('3', '33.33', '100'), '4')).toEqual(line('4', '25', '100'));
    expect(withQuantity(line('', '', '100'), '4')).toEqual(line('4', '25', '100'));
  });

  it('another quantity leaves what was typed last, also where the other one agrees', () => {
    expect(withQuantity(line('4', '25', '100'), '5', 'sum')).toEqual(line('5', '20', '100'));
    expect(withQuantity(line('3', '33.33', '99.99'), '4', 'price')).toEqual(line('4', '33.33', '133.32'));
    expect(withQuantity(line('3', '33.33', '100'), '4', 'price')).toEqual(line('4', '33.33', '133.32'));
    expect(withQuantity(line('', '', '100'), '4', 'sum')).toEqual(line('4', '25', '100'));
  });

  it.each([
    ['7', '1', '10', '-3'],
    ['1', '10', '2.5', '7.5'],
    ['0', '1', '-2', '2'],
    ['3', '1', '3', '0'],
    ['x', '1', '3', null],
  ])('%s counted by %s where %s should be differ by %s', (counted, factor, book, difference) => {
    expect(differenceOf(counted, factor, book)).toBe(difference);
  });

  it('is none where nothing is typed', () => {
    expect(withQuantity(line('1'), '2')).toEqual(line('2'));
    expect(withPrice(line('2', '10', '20'), '')).toEqual(line('2', '', ''));
  });

  it('come to a total without what isn’t understood', () => {
    expect(totalOf([line('1', '10.1', '10.1'), line('1', 'x', ''), line('3', '0.2', '0.6')])).toBe('10.7');
  });
});
