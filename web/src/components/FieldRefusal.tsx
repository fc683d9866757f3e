import { VisuallyHidden } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

/** A refusal that stands at its field: leads there, and is read out. */
export function FieldRefusal({ faults }: { faults: Readonly<Record<string, string | undefined>> }): ReactNode {
  const mark = useRef<HTMLDivElement>(null);
  const reason = Object.values(faults).find((fault) => fault !== undefined);
  useEffect(() => {
    const field = mark.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid="true"]');
    field?.focus();
  }, [reason]);
  return (
    <VisuallyHidden ref={mark} role="alert">
      {reason}
    </VisuallyHidden>
  );
}
