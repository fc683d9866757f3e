import { flushSync } from 'react-dom';
import { createStore, useStore } from './store';

/** Whether the page is laid out for paper just now. What is drawn only on paper is drawn then, and costs the screen nothing. */
const printing = createStore(false);
const SCHEME = 'data-mantine-color-scheme';

/** Once, at the start: paper is white, whatever the screen is. */
export function followPrinting(): void {
  let scheme: string | null = null;
  const root = document.documentElement;
  window.addEventListener('beforeprint', () => {
    scheme = root.getAttribute(SCHEME);
    root.setAttribute(SCHEME, 'light');
    // the browser lays the paper out as soon as this returns
    flushSync(() => printing.set(true));
  });
  window.addEventListener('afterprint', () => {
    if (scheme !== null) root.setAttribute(SCHEME, scheme);
    printing.set(false);
  });
}

export const usePrinting = (): boolean => useStore(printing);
