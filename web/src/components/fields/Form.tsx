import type { ComponentProps, ReactNode } from 'react';

interface FormProps extends Omit<ComponentProps<'form'>, 'onSubmit' | 'noValidate'> {
  readonly onSubmit: () => void;
}

/**
 * Every form of the UI behind the sign-in. It isn't sent while one of its fields holds a text that wasn't understood or chosen
 * from its list (the field's custom validity): such fields say so, and the first gets the focus.
 */
export function Form({ onSubmit, ...props }: FormProps): ReactNode {
  return (
    <form
      {...props}
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
