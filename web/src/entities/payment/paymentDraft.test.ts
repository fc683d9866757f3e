import { describe, expect, it } from 'vitest';
import { type Draft, restFor, settle } from './paymentDraft';

const VISIT = { id: 'visit', due: '5000' };

function draft(changes: Partial<Draft> = {}): Draft {
  return { parts: [], visits: [VISIT], prepayments: [], keepsRest: false, ...changes };
}

describe('a payment', () => {
  it('of a certificate, a card and cash gives change from the cash alone', () => {
    const found = settle(
      draft({
        parts: [
          { id: 'gift', kind: 'certificate', sum: '1500' },
          { id: 'card', kind: 'terminal', sum: '2000' },
          { id: 'desk', kind: 'cash', sum: '2000' },
        ],
      }),
    );
    expect(found.change).toBe(500_00);
    expect(found.missing).toBe(0);
    expect(found.parts.map(({ id, sum, handed }) => [id, sum, handed])).toEqual([
      ['gift', 1500_00, null],
      ['card', 2000_00, null],
      ['desk', 1500_00, 2000_00],
    ]);
    expect(found.visits).toEqual([{ id: 'visit', sum: 5000_00 }]);
  });

  it('keeps the change as prepayment where a person says so', () => {
    const found = settle(draft({ parts: [{ id: 'desk', kind: 'cash', sum: '6000' }], keepsRest: true }));
    expect([found.change, found.over, found.parts[0]?.sum]).toEqual([0, 1000_00, 6000_00]);
  });

  it('by card above what is due has no change', () => {
    const found = settle(draft({ parts: [{ id: 'card', kind: 'terminal', sum: '6000' }] }));
    expect([found.change, found.over]).toEqual([0, 1000_00]);
  });

  it('uses prepayments first and pays the oldest visits first', () => {
    const found = settle(
      draft({
        visits: [{ id: 'old', due: '100.5' }, VISIT],
        prepayments: [
          { id: 'a', rest: '60' },
          { id: 'b', rest: '60' },
        ],
        parts: [{ id: 'desk', kind: 'cash', sum: '1000' }],
      }),
    );
    expect(found.prepayments).toEqual([
      { id: 'a', sum: 60_00 },
      { id: 'b', sum: 60_00 },
    ]);
    expect(found.visits).toEqual([
      { id: 'old', sum: 100_50 },
      { id: 'visit', sum: 1019_50 },
    ]);
    expect(found.missing).toBe(3980_50);
  });

  it('never takes more of a prepayment than is due', () => {
    expect(settle(draft({ prepayments: [{ id: 'a', rest: '9000' }] })).prepayments).toEqual([
      { id: 'a', sum: 5000_00 },
    ]);
  });

  it('fills in what the others leave', () => {
    const parts = [{ id: 'card', kind: 'terminal' as const, sum: '2000' }];
    expect(restFor('desk', draft({ parts }))).toBe(3000_00);
    expect(restFor('card', draft({ parts }))).toBe(5000_00);
  });
});
