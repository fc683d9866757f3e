import { VisuallyHidden } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

/** A refusal that stands at its field: leads there as soon as its choices have come, and is read out. */
export function FieldRefusal({ faults }: { faults: Readonly<Record<string, string | undefined>> }): ReactNode {
  const mark = useRef<HTMLDivElement>(null);
  const reason = Object.values(faults).find((fault) => fault !== undefined);
  useEffect(() => {
    const before = document.activeElement;
    let frame = 0;
    const lead = () => {
      const field = mark.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid="true"]');
      if (!(field instanceof HTMLInputElement && field.disabled)) field?.focus();
      else if (document.activeElement === before) frame = requestAnimationFrame(lead); // unless the person has gone on
    };
    lead();
    return () => cancelAnimationFrame(frame);
  }, [reason]);
  return (
    <VisuallyHidden ref={mark} role="alert">
      {reason}
    </VisuallyHidden>
  );
}
