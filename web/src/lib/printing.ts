import { flushSync } from 'react-dom';
import { createStore, useStore } from './store';

/** Whether the page is laid out for paper just now. What is drawn only on paper is drawn then, and costs the screen nothing. */
const printing = createStore(false);
const SCHEME = 'data-mantine-color-scheme';

/** Once, at the start: paper is white, whatever the screen is, and has no fields. */
export function followPrinting(): void {
  let scheme: string | null = null;
  let texts: readonly HTMLElement[] = [];
  const root = document.documentElement;
  window.addEventListener('beforeprint', () => {
    scheme = root.getAttribute(SCHEME);
    root.setAttribute(SCHEME, 'light');
    // the browser lays the paper out as soon as this returns
    flushSync(() => printing.set(true));
    texts = writeOut();
  });
  window.addEventListener('afterprint', () => {
    if (scheme !== null) root.setAttribute(SCHEME, scheme);
    for (const text of texts) text.remove();
    printing.set(false);
  });
}

/** Puts what stands in each field beside it as text (page.css shows it in the field's place): a field cuts off what is longer than itself. */
function writeOut(): HTMLElement[] {
  const fields = document.querySelectorAll<HTMLElement>('.mantine-Input-input:not([type="password"])');
  return [...fields].map((field) => {
    const text = document.createElement('div');
    text.className = 'paper-text';
    text.textContent = textOf(field);
    field.after(text);
    return text;
  });
}

function textOf(field: HTMLElement): string {
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
    const { unit } = field.dataset;
    return unit === undefined || field.value === '' ? field.value : `${field.value} ${unit}`;
  }
  return [...field.querySelectorAll('.mantine-Pill-label')].map(({ textContent }) => textContent).join(', ');
}

export const usePrinting = (): boolean => useStore(printing);
