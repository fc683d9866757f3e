import { nameKey } from '@/lib/text';
import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react';

const OPTION = '[data-combobox-option]:not([data-combobox-disabled])';
/** Marks an option that makes something new: it is never meant by a text that merely matches nothing else. */
export const CREATES = { 'data-creates': true } as const;

interface Chosen {
  /** What stands in the field and nobody chose; '' for nothing. */
  readonly typed: string;
  /** The list is still on its way: Enter waits for it. */
  readonly waiting?: boolean;
  /** Where a text that nothing matches leads to something new by Enter (it opens a form; nothing is stored). */
  readonly enterCreates?: boolean;
}

interface Field {
  readonly ref: RefObject<HTMLInputElement | null>;
  /** Why the text can't stay, once Enter was pressed or the field was left with it. */
  readonly fault: string | null;
  readonly onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly onLeave: () => void;
  readonly onType: () => void;
  readonly onInvalid: (event: { preventDefault: () => void }) => void;
}

/**
 * Enter in a field with a list: it chooses the marked line, or the one that the typed text finds, and never sends the form. A text that
 * nobody chose is a fault of the field (its custom validity), with which `Form` isn't sent.
 */
export function useChosen({ typed, waiting = false, enterCreates = false }: Chosen): Field {
  const ref = useRef<HTMLInputElement>(null);
  const [refusal, setRefusal] = useState<{ typed: string; reason: string } | null>(null);
  const entered = useRef(false);
  const open = typed.trim() !== '';

  useLayoutEffect(() => {
    ref.current?.setCustomValidity(open ? 'Выберите из списка' : '');
  });
  useLayoutEffect(() => {
    if (!entered.current || waiting) return;
    entered.current = false;
    choose();
  });

  /** Takes the only line that the text finds; says what is missing where there is none, or several. */
  function choose(): void {
    const input = ref.current;
    if (input === null) return;
    const lines = linesOf(input);
    const made = lines.filter((line) => creates(line));
    const found = lines.filter((line) => !creates(line));
    const exact = found.filter((line) => nameKey(line.innerText.split('\n')[0] ?? '') === nameKey(typed));
    const meant = !open ? undefined : found.length === 1 ? found[0] : exact.length === 1 ? exact[0] : undefined;
    const next = meant ?? (enterCreates && open && found.length === 0 ? made[0] : undefined);
    if (next !== undefined) next.click();
    else setRefusal({ typed, reason: reasonOf(found.length, made.length) });
  }

  function reasonOf(found: number, made: number): string {
    if (!open || found > 0) return 'Выберите строку стрелками или мышью';
    return made > 0 ? 'Такого нет. Создать – стрелкой вниз и Enter' : 'В списке такого нет';
  }

  return {
    ref,
    fault: refusal !== null && refusal.typed === typed ? refusal.reason : null,
    onKeyDown: (event) => {
      if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
      const input = event.currentTarget;
      const expanded = input.getAttribute('aria-expanded') === 'true';
      if (expanded && linesOf(input).some((line) => line.hasAttribute('data-combobox-selected'))) return; // the list takes it
      if (!expanded && !open) return; // Enter is the form's
      event.preventDefault();
      if (waiting) entered.current = true;
      else choose();
    },
    onLeave: () => {
      entered.current = false;
      if (open) setRefusal({ typed, reason: 'Выберите из списка или сотрите' });
    },
    onType: () => {
      entered.current = false;
      setRefusal(null);
    },
    onInvalid: (event) => {
      event.preventDefault();
      setRefusal({ typed, reason: 'Выберите из списка или сотрите' });
    },
  };
}

function creates(line: HTMLElement): boolean {
  return line.matches('[data-creates]') || line.querySelector('[data-creates]') !== null;
}

function linesOf(input: HTMLInputElement): HTMLElement[] {
  const list = document.getElementById(input.getAttribute('aria-controls') ?? '');
  return list === null ? [] : [...list.querySelectorAll<HTMLElement>(OPTION)];
}
