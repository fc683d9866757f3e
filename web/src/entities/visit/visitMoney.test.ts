import { describe, expect, it } from 'vitest';
import { amountsOf, inRubles, shared } from './visitMoney';
import type { VisitDiscount } from './visitLines';

const nets = (sums: string[], discount: VisitDiscount | null, own: VisitDiscount | null = null) => {
  const lines = sums.map((price, at) => ({ price, quantity: 1, discount: at === 0 ? own : null }));
  const found = amountsOf(lines, discount);
  return [...found.lines.map(({ net }) => inRubles(net)), inRubles(found.net)];
};

describe('what a visit comes to', () => {
  it('rounds a percentage of the visit once and shares it by the largest remainder', () => {
    expect(nets(['33.33', '33.33', '33.33'], { kind: 'percent', amount: '10' })).toEqual([
      '29.99',
      '30',
      '30',
      '89.99',
    ]);
  });

  it('shares a sum by the sums of the lines', () => {
    const found = nets(['3500', '1200', '499.9'], { kind: 'sum', amount: '500' });
    expect(found).toEqual(['3163.46', '1084.61', '451.83', '4699.9']);
  });

  it('takes a line discount first, and never more than there is', () => {
    expect(nets(['1000', '1000'], { kind: 'percent', amount: '10' }, { kind: 'percent', amount: '50' })).toEqual([
      '450',
      '900',
      '1350',
    ]);
    expect(nets(['300'], { kind: 'sum', amount: '1000' })).toEqual(['0', '0']);
  });

  it('takes what is half typed for nothing', () => {
    expect(nets(['12,'], { kind: 'percent', amount: '' })).toEqual(['0', '0']);
    expect(shared(2n, [1n, 1n, 1n])).toEqual([1n, 1n, 0n]);
  });
});
