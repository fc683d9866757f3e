import { type RefObject, useEffect } from 'react';
import { createStore, type Store } from '@/lib/store';
import type { Box } from '../model/cardPlace';

/** The visit whose card is open: the pointer, or the keyboard's focus, has come to rest on its block. */
export interface Pointed {
  visit: string;
  block: HTMLElement;
  /** What is seen of the block, in the window. */
  box: Box;
  /** Where the pointer rests. */
  x: number;
  byKeys: boolean;
}

export type PointedStore = Store<Pointed | null>;

export function createPointedStore(): PointedStore {
  return createStore<Pointed | null>(null);
}

const REST_MS = 600;
/** For the way from the block onto its card, which may be read at leisure. */
const LEAVE_MS = 200;

/**
 * Opens the card of a visit after a short rest. It closes by leaving block and card, by Esc, by a press, a scroll or a visit taken
 * up: nobody who works on the grid meets it. A finger never opens it, and nothing is fetched before it is open.
 */
export function useVisitPointing(
  body: RefObject<HTMLElement | null>,
  scroller: RefObject<HTMLElement | null>,
  card: RefObject<HTMLElement | null>,
  pointed: PointedStore,
): void {
  useEffect(() => {
    const grid = body.current;
    const port = scroller.current;
    if (grid === null || port === null) return undefined;
    let opening: number | undefined;
    let closing: number | undefined;
    /** Its card was closed by hand, or it lay under a press: it doesn't open before the pointer has left it. */
    let closed: HTMLElement | null = null;
    /** Whatever the pointer is on after a press (a visit dropped or booked there) isn't what it was moved to for reading. */
    let pressed = false;
    let at = { x: -1, y: -1 };

    const blockOf = (target: EventTarget | null) =>
      target instanceof Element ? target.closest<HTMLElement>('[data-visit]') : null;
    const onCard = (target: EventTarget | null) => target instanceof Node && card.current?.contains(target) === true;

    const rest = () => {
      window.clearTimeout(closing);
      closing = undefined;
    };

    const close = () => {
      window.clearTimeout(opening);
      rest();
      pointed.set(null);
    };

    const closeByHand = () => {
      closed = grid.querySelector<HTMLElement>('[data-visit]:hover');
      close();
    };

    const openSoon = (block: HTMLElement, x: number | null) => {
      window.clearTimeout(opening);
      opening = window.setTimeout(() => {
        const visit = block.dataset.visit;
        const rests = x === null ? block === document.activeElement : block.matches(':hover');
        if (visit === undefined || !rests || grid.dataset.dragging !== undefined) return;
        const [own, visible] = [block.getBoundingClientRect(), port.getBoundingClientRect()];
        const box = {
          left: Math.max(own.left, visible.left),
          top: Math.max(own.top, visible.top),
          right: Math.min(own.right, visible.right),
          bottom: Math.min(own.bottom, visible.bottom),
        };
        rest();
        pointed.set({ visit, block, box, x: x ?? (box.left + box.right) / 2, byKeys: x === null });
      }, REST_MS);
    };

    const move = (event: PointerEvent) => {
      const { clientX: x, clientY: y } = event;
      // what comes to lie under a pointer that rests isn't pointed at
      if (event.pointerType === 'touch' || event.buttons !== 0 || (x === at.x && y === at.y)) return;
      at = { x, y };
      const now = pointed.get();
      const block = blockOf(event.target);
      if (pressed) closed = block;
      pressed = false;
      if (block !== closed) closed = null;
      if (now !== null && (block === now.block || onCard(event.target))) {
        window.clearTimeout(opening);
        rest();
        return;
      }
      if (block === null) window.clearTimeout(opening);
      else if (block !== closed) openSoon(block, x);
      if (now !== null && !now.byKeys) closing ??= window.setTimeout(close, LEAVE_MS);
    };

    const press = (event: PointerEvent) => {
      if (onCard(event.target)) return;
      pressed = true;
      at = { x: event.clientX, y: event.clientY };
      close();
    };

    /** A click on the card gets it out of the way; text that is being marked stays. */
    const click = (event: MouseEvent) => {
      if (onCard(event.target) && document.getSelection()?.isCollapsed !== false) closeByHand();
    };

    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' && event.key !== 'Alt') return;
      window.clearTimeout(opening);
      if (pointed.get() === null) return;
      closeByHand();
      if (event.key === 'Escape') event.stopPropagation();
    };

    const focus = (event: FocusEvent) => {
      const block = blockOf(event.target);
      if (block?.matches(':focus-visible') === true) openSoon(block, null);
    };

    /** What is open stands where its block was; what is about to open is placed then. */
    const scrolled = () => {
      if (pointed.get() !== null) close();
    };

    const listening = new AbortController();
    const { signal } = listening;
    const first = { capture: true, signal };
    grid.addEventListener('focusin', focus, { signal });
    grid.addEventListener('focusout', close, { signal });
    document.addEventListener('pointermove', move, { signal });
    document.documentElement.addEventListener('pointerleave', close, { signal });
    document.addEventListener('pointerdown', press, first);
    document.addEventListener('click', click, { signal });
    window.addEventListener('keydown', key, first);
    document.addEventListener('scroll', scrolled, { ...first, passive: true });
    window.addEventListener('resize', close, { signal });
    return () => {
      listening.abort();
      close();
    };
  }, [body, scroller, card, pointed]);
}
