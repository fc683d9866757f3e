import { describe, expect, it } from 'vitest';
import { added, at, chosen, chosenColumn, chosenInRow, chosenRow, everything, movedBy, stretched } from './selection';

const SIZE = { rows: 3, columns: 4 };

describe('a selection', () => {
  it('is the rectangle between anchor and focus, whichever way it is drawn', () => {
    const down = stretched(at({ row: 0, column: 1 }), { row: 1, column: 2 });
    const up = stretched(at({ row: 1, column: 2 }), { row: 0, column: 1 });
    expect(chosen(down)).toEqual(new Set(['0:1', '0:2', '1:1', '1:2']));
    expect(chosen(up)).toEqual(chosen(down));
  });

  it('grows by Ctrl without losing what was chosen', () => {
    const both = added(at({ row: 0, column: 0 }), { row: 2, column: 3 });
    expect(chosen(both)).toEqual(new Set(['0:0', '2:3']));
    expect(chosenInRow(chosen(both), 2, 4)).toBe('3,');
  });

  it('takes whole rows, columns, everything', () => {
    expect(chosen(chosenRow(1, SIZE)).size).toBe(4);
    expect(chosen(chosenColumn(1, SIZE)).size).toBe(3);
    expect(chosen(everything(SIZE)).size).toBe(12);
  });
});

describe('keys', () => {
  it('move within the grid and stop at its edges', () => {
    expect(movedBy('ArrowRight', false, { row: 0, column: 3 }, SIZE)).toEqual({ row: 0, column: 3 });
    expect(movedBy('ArrowDown', false, { row: 0, column: 3 }, SIZE)).toEqual({ row: 1, column: 3 });
    expect(movedBy('End', true, { row: 0, column: 0 }, SIZE)).toEqual({ row: 2, column: 3 });
    expect(movedBy('Home', false, { row: 2, column: 3 }, SIZE)).toEqual({ row: 2, column: 0 });
    expect(movedBy('a', false, { row: 2, column: 3 }, SIZE)).toBeNull();
  });
});
