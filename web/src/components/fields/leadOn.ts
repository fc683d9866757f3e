import type { KeyboardEvent } from 'react';

const FIELDS = 'input:not([type="hidden"]):not(:disabled):not([tabindex="-1"]), button[type="submit"]:not(:disabled)';

/** Enter in a field of a form leads to the next one, behind the last one to the button that is done by. */
export function leadOn(event: KeyboardEvent<HTMLFormElement>): void {
  const { target, currentTarget: form } = event;
  if (!(target instanceof HTMLInputElement)) return;
  event.preventDefault();
  const fields = [...form.querySelectorAll<HTMLElement>(FIELDS)].filter((field) => field.checkVisibility());
  const next = fields[fields.indexOf(target) + 1];
  if (next instanceof HTMLInputElement) next.focus();
  else fields.at(-1)?.focus();
}
