const WINDOWS = '.mantine-Modal-inner, .mantine-Drawer-inner';
const CLOSE = '.mantine-Modal-close, .mantine-Drawer-close';

/**
 * Once, at the start: where windows lie over one another, Esc closes the uppermost alone. Each of Mantine's windows listens to the
 * key for itself, and a question's Esc would also close what it is asked about. A window without a cross stays.
 */
export function followEscape(): void {
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      if (event.target instanceof Element && event.target.hasAttribute('data-mantine-stop-propagation')) return; // a list's or a calendar's
      const [uppermost, ...below] = opened();
      if (uppermost === undefined || below.length === 0) return;
      event.stopImmediatePropagation();
      uppermost.querySelector<HTMLElement>(CLOSE)?.click();
    },
    { capture: true },
  );
}

/** The open windows, the uppermost first. */
function opened(): HTMLElement[] {
  const height = (inner: HTMLElement) => Number(getComputedStyle(inner).zIndex) || 0;
  return [...document.querySelectorAll<HTMLElement>(WINDOWS)]
    .reverse()
    .sort((one, other) => height(other) - height(one));
}
