/** Where the card of a visit that is pointed at stands: beside its block, never over it where there is room elsewhere. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Size {
  width: number;
  height: number;
}

const GAP = 4;
const EDGE = 8;

/** The card's left upper corner. `block`: what is seen of it; `x`: where on it the pointer rests. */
export function cardPlace(block: Box, card: Size, view: Size, x: number): { left: number; top: number } {
  const within = (at: number, size: number, whole: number) => Math.max(EDGE, Math.min(at, whole - EDGE - size));
  const besideTop = within(block.top, card.height, view.height);
  if (block.right + GAP + card.width <= view.width - EDGE) return { left: block.right + GAP, top: besideTop };
  if (block.left - GAP - card.width >= EDGE) return { left: block.left - GAP - card.width, top: besideTop };
  const left = within(x - card.width / 2, card.width, view.width);
  const below = block.bottom + GAP + card.height <= view.height - EDGE;
  return { left, top: below ? block.bottom + GAP : Math.max(EDGE, block.top - GAP - card.height) };
}
