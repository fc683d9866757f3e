import { flushSync } from 'react-dom';

let pressed = false;
window.addEventListener('pointerdown', () => (pressed = true), true);
for (const end of ['pointerup', 'pointercancel']) window.addEventListener(end, () => (pressed = false), true);

/**
 * What a field does when it is left, at once; where it is left by pressing something else, only when that was clicked: a reason that
 * appears below the field in between would move the button away from under the pointer, and the click would be lost.
 */
export function afterPress(act: () => void): void {
  if (!pressed) {
    act();
    return;
  }
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    window.removeEventListener('click', once, true);
    flushSync(act);
  };
  window.addEventListener('click', once, true);
  window.addEventListener('pointerup', () => window.setTimeout(once), { once: true, capture: true });
}
