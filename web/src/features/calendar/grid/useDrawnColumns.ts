import { type RefObject, useDeferredValue, useLayoutEffect, useMemo, useState } from 'react';
import type { Column } from '../model/columns';

const NONE: readonly Column[] = [];

/**
 * The columns as they are to be drawn now: those in view at once, the others a moment later, in slices of time between which the
 * page answers. Until then a column out of view stays as it was drawn before, or bare.
 */
export function useDrawnColumns(
  columns: readonly Column[],
  scroller: RefObject<HTMLElement | null>,
): readonly Column[] {
  const [from, to] = useShareInView(scroller);
  const settled = useDeferredValue(columns, NONE);
  return useMemo(() => {
    if (settled === columns) return columns;
    const before = new Map(settled.map((column) => [column.key, column]));
    const inView = (at: number) => at + 1 > from * columns.length && at < to * columns.length;
    return columns.map((column, at) => (inView(at) ? column : (before.get(column.key) ?? { ...column, visits: [] })));
  }, [columns, settled, from, to]);
}

/** The part of the grid's width that is in view, 0…1; measured before anything is drawn, after the grid was scrolled to today. */
function useShareInView(scroller: RefObject<HTMLElement | null>): readonly [from: number, to: number] {
  const [share, setShare] = useState<readonly [number, number]>([0, 0]);
  useLayoutEffect(() => {
    const port = scroller.current;
    if (port === null) return undefined;
    const look = () => {
      const { scrollLeft, clientWidth, scrollWidth } = port;
      const [from, to] = [scrollLeft / scrollWidth, (scrollLeft + clientWidth) / scrollWidth];
      setShare((before) => (before[0] === from && before[1] === to ? before : [from, to]));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(port);
    port.addEventListener('scrollend', look);
    return () => {
      observer.disconnect();
      port.removeEventListener('scrollend', look);
    };
  }, [scroller]);
  return share;
}
