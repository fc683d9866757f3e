import { useEffect, useState } from 'react';

/** For a window that is mounted while it is open: when it closes, the focus goes back to where it came from. */
export function useReturnFocus(fallback?: () => HTMLElement | null): void {
  const [before] = useState(() => document.activeElement);
  useEffect(() => {
    return () => {
      window.setTimeout(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return;
        const target =
          before instanceof HTMLElement && before.isConnected && before !== document.body ? before : fallback?.();
        target?.focus({ preventScroll: true });
      });
    };
    // only the first fallback counts
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
}
