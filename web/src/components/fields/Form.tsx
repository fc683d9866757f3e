import { type ComponentProps, type ReactNode, useLayoutEffect, useRef } from 'react';

interface FormProps extends Omit<ComponentProps<'form'>, 'onSubmit' | 'noValidate'> {
  readonly onSubmit: () => void;
  /**
   * Something new is on its way. Its form is gone with the answer, so that nothing may be typed meanwhile: it would be lost. What
   * is changed may be typed on: it stays as a change of what was sent.
   */
  readonly creating?: boolean;
}

/**
 * Every form of the UI behind the sign-in. It isn't sent while one of its fields holds a text that wasn't understood or chosen
 * from its list (the field's custom validity): such fields say so, and the first gets the focus.
 */
export function Form({ onSubmit, creating = false, ...props }: FormProps): ReactNode {
  useFocusBack(creating);
  return (
    <form
      {...props}
      inert={creating}
      aria-busy={creating || undefined}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (allUnderstood(event.currentTarget)) onSubmit();
      }}
    />
  );
}

function allUnderstood(form: HTMLFormElement): boolean {
  const wrong = [...form.elements].filter(
    (element): element is HTMLInputElement =>
      element instanceof HTMLInputElement && element.validity.customError && !element.disabled,
  );
  for (const field of wrong) field.checkValidity(); // «invalid»: the field shows its reason
  wrong[0]?.focus();
  return wrong.length === 0;
}

/** Where the focus was before all became inert, it is again after a refusal. */
function useFocusBack(inert: boolean): void {
  const focused = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (inert) {
      focused.current = document.activeElement; // the browser takes the focus away a moment later
    } else if (focused.current instanceof HTMLElement && document.activeElement === document.body) {
      focused.current.focus();
      focused.current = null;
    }
  }, [inert]);
}
