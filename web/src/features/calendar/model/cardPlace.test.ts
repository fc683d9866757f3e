import { describe, expect, it } from 'vitest';
import { cardPlace } from './cardPlace';

const CARD = { width: 320, height: 200 };
const VIEW = { width: 1024, height: 768 };
const block = (left: number, top: number, width = 150, height = 60) => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

describe('the card of a visit', () => {
  it.each([
    ['at its right', block(300, 200), { left: 454, top: 200 }],
    ['at its left where the right has no room', block(800, 200), { left: 476, top: 200 }],
    ['as high as the window lets it', block(300, 700), { left: 454, top: 560 }],
    ['below a block as wide as the window', block(290, 200, 720), { left: 440, top: 264 }],
    ['above one that stands low', block(290, 600, 720), { left: 440, top: 396 }],
  ])('stands %s', (_, at, place) => {
    expect(cardPlace(at, CARD, VIEW, 600)).toEqual(place);
  });

  it('never covers the block, wherever there is room beside it', () => {
    for (let left = 56; left < 900; left += 60)
      for (let top = 100; top < 700; top += 50) {
        const at = block(left, top);
        const card = cardPlace(at, CARD, VIEW, left);
        const apart =
          card.left >= at.right ||
          card.left + CARD.width <= at.left ||
          card.top >= at.bottom ||
          card.top + CARD.height <= at.top;
        expect(apart, `${left} ${top}`).toBe(true);
        expect(card.left).toBeGreaterThanOrEqual(8);
        expect(card.top).toBeGreaterThanOrEqual(8);
      }
  });
});
