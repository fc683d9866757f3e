const SOON = 600;
let replacedAt = -Infinity;

/** The Enter being pressed puts something else under the focus: a form for a new patient, the cross beside a chosen one. */
export function replacesFocus(): void {
  replacedAt = performance.now();
}

/**
 * Once, at the start: an Enter that is held, or pressed again at once after one that put something else under the focus, is meant for
 * what was there before. It would undo the choice, or book a visit that nobody has filled in yet.
 */
export function followEnter(): void {
  const forget = () => (replacedAt = -Infinity);
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Enter') forget();
      else if (
        performance.now() - replacedAt < SOON ||
        (event.repeat && !(event.target instanceof HTMLTextAreaElement))
      ) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );
  for (const type of ['input', 'pointerdown']) window.addEventListener(type, forget, { capture: true });
}
