import { type RefObject, useEffect } from 'react';

/** In a form that is to be filled in: the focus goes to its first field that needs something, once its choices are there, else to `other`. */
export function useFirstFocus(form: RefObject<HTMLFormElement | null>, when: boolean, other: string): void {
  useEffect(() => {
    if (!when) return;
    let frame = 0;
    const look = () => {
      if (document.activeElement !== document.body && form.current?.contains(document.activeElement) === true) return;
      const needed = [...(form.current?.querySelectorAll<HTMLInputElement>('input[required]') ?? [])];
      const field = needed.find(({ value }) => value === '') ?? form.current?.querySelector<HTMLInputElement>(other);
      if (field?.disabled === false) field.focus({ preventScroll: true });
      else frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [form, when, other]);
}
