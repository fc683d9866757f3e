import { describe, expect, it } from 'vitest';
import { layout, type Placed } from './layout';

const visit = (id: string, from: number, to: number, occupies = true): Placed => ({ id, from, to, occupies });

describe('visits side by side', () => {
  it('gives a lonely visit and touching visits the whole width', () => {
    const lanes = layout([visit('a', 540, 560), visit('b', 560, 600)], 5);
    expect([...lanes.values()]).toEqual([
      { left: 0, width: 1 },
      { left: 0, width: 1 },
    ]);
  });

  it('shares the width among overlapping visits', () => {
    const lanes = layout([visit('a', 540, 600), visit('b', 550, 610)], 5);
    expect(lanes.get('a')).toEqual({ left: 0, width: 0.5 });
    expect(lanes.get('b')).toEqual({ left: 0.5, width: 0.5 });
  });

  it('widens a visit over lanes that are free beside it', () => {
    const lanes = layout([visit('a', 0, 60), visit('b', 0, 30), visit('c', 0, 30), visit('d', 30, 60)], 5);
    expect(lanes.get('d')?.width).toBeCloseTo(2 / 3);
  });

  it('puts cancelled visits into a narrow lane at the right', () => {
    const lanes = layout([visit('gone', 540, 600, false), visit('new', 540, 600)], 5);
    expect(lanes.get('new')?.left).toBe(0);
    expect(lanes.get('new')?.width).toBeCloseTo(1 / 1.4);
    expect(lanes.get('gone')?.left).toBeCloseTo(1 / 1.4);
  });

  it('leaves the time free that a cancelled visit took, and never gives many of them more than the smaller part', () => {
    const alone = layout([visit('gone', 540, 600, false)], 5).get('gone');
    expect(alone?.left).toBeCloseTo(1 / 1.4);
    expect(alone?.width).toBeCloseTo(0.4 / 1.4);
    const many = layout(
      Array.from({ length: 9 }, (_, index) => visit(`v${index}`, 540, 600, false)),
      5,
    );
    expect(Math.min(...[...many.values()].map(({ left }) => left))).toBeCloseTo(1 / 1.7);
  });

  it('keeps visits apart that would cover each other on screen', () => {
    const lanes = layout([visit('a', 540, 545), visit('b', 545, 550)], 15);
    expect(lanes.get('b')?.left).toBe(0.5);
  });

  it('never lets two occupying blocks cover each other, however many there are', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      visit(`v${index}`, (index * 37) % 300, ((index * 37) % 300) + 20 + (index % 5) * 15),
    );
    const lanes = layout(many, 5);
    for (const one of many) {
      for (const other of many) {
        if (one.id >= other.id || one.from >= other.to || other.from >= one.to) continue;
        const [a, b] = [lanes.get(one.id), lanes.get(other.id)];
        if (a === undefined || b === undefined) throw new Error('every visit has a place');
        expect(a.left + a.width <= b.left + 1e-9 || b.left + b.width <= a.left + 1e-9).toBe(true);
      }
    }
  });
});
