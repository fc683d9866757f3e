import { type RefCallback, startTransition, useCallback, useEffect, useRef, useState } from 'react';
import { usePrinting } from '@/lib/printing';

/** Lines that are drawn or not together. */
export const BLOCK = 20;
/** Documents of fewer lines are drawn whole. */
const FEW = 3 * BLOCK;

interface ShownBlocks {
  /** Where lines that aren't drawn would stand: px that they take; null for a block that is drawn. */
  readonly gapOf: (block: number) => number | null;
  readonly refOf: (block: number) => RefCallback<HTMLTableSectionElement>;
  /** Draws a line that is to get the focus. */
  readonly reveal: (line: number) => void;
}

/** Of a thousand lines those are drawn that are in view, with their neighbours; on paper all of them. */
export function useShownBlocks(lines: number, lineHeight: number): ShownBlocks {
  const onPaper = usePrinting();
  const [inView, setInView] = useState<ReadonlySet<number>>(new Set([0]));
  const bodies = useRef(new Map<number, HTMLTableSectionElement>());
  const refs = useRef(new Map<number, RefCallback<HTMLTableSectionElement>>());
  const heights = useRef(new Map<number, number>());
  const observer = useRef<IntersectionObserver | null>(null);
  const many = lines > FEW;

  useEffect(() => {
    if (!many) return;
    const watching = new IntersectionObserver((entries) => {
      // scrolling goes on meanwhile
      startTransition(() => {
        setInView((before) => {
          const next = new Set(before);
          for (const { target, isIntersecting, boundingClientRect } of entries) {
            const block = Number((target as HTMLElement).dataset.block);
            if (isIntersecting) next.add(block);
            else if (!target.contains(document.activeElement)) next.delete(block);
            heights.current.set(block, boundingClientRect.height);
          }
          return next;
        });
      });
    });
    observer.current = watching;
    for (const body of bodies.current.values()) watching.observe(body);
    return () => {
      observer.current = null;
      watching.disconnect();
    };
  }, [many]);

  const refOf = useCallback((block: number) => {
    const known = refs.current.get(block);
    if (known !== undefined) return known;
    const made: RefCallback<HTMLTableSectionElement> = (body) => {
      const before = bodies.current.get(block);
      if (before !== undefined) observer.current?.unobserve(before);
      if (body === null) bodies.current.delete(block);
      else {
        bodies.current.set(block, body);
        observer.current?.observe(body);
      }
    };
    refs.current.set(block, made);
    return made;
  }, []);

  const reveal = useCallback((line: number) => {
    const block = Math.floor(line / BLOCK);
    setInView((before) => (before.has(block) ? before : new Set([...before, block])));
  }, []);

  return {
    gapOf: (block) => {
      if (!many || onPaper || [block - 1, block, block + 1].some((one) => inView.has(one))) return null;
      return heights.current.get(block) ?? Math.min(BLOCK, lines - block * BLOCK) * lineHeight;
    },
    refOf,
    reveal,
  };
}
