import { useCallback, useRef } from 'react';

/** A function that is always the same one and does what the last one drawn does: lines aren't drawn again for it. */
export function useLatest<A extends unknown[]>(act: (...args: A) => void): (...args: A) => void {
  const latest = useRef(act);
  latest.current = act;
  return useCallback((...args: A) => latest.current(...args), []);
}
