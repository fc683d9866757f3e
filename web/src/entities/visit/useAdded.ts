import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

interface Added {
  readonly table: RefObject<HTMLTableElement | null>;
  /** The first field of this line gets the focus once it is drawn. */
  readonly focus: (place: string) => void;
}

/** Leads the keyboard from a choice to the line that it has made. */
export function useAdded(): Added {
  const table = useRef<HTMLTableElement>(null);
  const next = useRef<string | null>(null);
  const [, draw] = useState(0);
  useLayoutEffect(() => {
    if (next.current === null) return;
    const input = table.current?.querySelector<HTMLInputElement>(`[data-line="${next.current}"] input`);
    if (!input) return;
    next.current = null;
    input.focus();
  });
  const focus = (place: string) => {
    next.current = place;
    draw((times) => times + 1);
  };
  return { table, focus };
}
