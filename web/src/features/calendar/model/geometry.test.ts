import { describe, expect, it } from 'vitest';
import { geometryOf, marked, minuteAt, movedTo, resizedTo, top } from './geometry';

const GRID = geometryOf(540, 1080, 20);

describe('minutes and pixels', () => {
  it('are each other’s inverse', () => {
    expect(minuteAt(GRID, top(GRID, 725))).toBeCloseTo(725);
  });

  it('a moved visit keeps its length and snaps to the lines', () => {
    expect(movedTo(GRID, 540, 608, 35)).toEqual([600, 635]);
  });

  it('a visit between the lines stays where it stands under an unsteady hand', () => {
    expect(movedTo(GRID, 605, 609, 35)).toEqual([605, 640]);
    expect(movedTo(GRID, 605, 596, 35)).toEqual([605, 640]);
    expect(movedTo(GRID, 605, 616, 35)).toEqual([620, 655]);
    expect(resizedTo(GRID, 605, 645, 641)).toBe(645);
    expect(resizedTo(GRID, 605, 645, 656)).toBe(660);
  });

  it('a moved visit never leaves the grid', () => {
    expect(movedTo(GRID, 540, 5000, 60)).toEqual([1060, 1120]);
    expect(movedTo(GRID, 540, -5000, 60)).toEqual([500, 560]);
  });

  it('a visit can’t be dragged shorter than it can be', () => {
    expect(resizedTo(GRID, 600, 640, 300)).toBe(605);
    expect(resizedTo(GRID, 600, 640, 655)).toBe(660);
  });

  it('free time is marked in whole lines, downwards and upwards', () => {
    expect(marked(GRID, 605, 605)).toEqual([600, 620]);
    expect(marked(GRID, 655, 605)).toEqual([600, 660]);
  });
});
