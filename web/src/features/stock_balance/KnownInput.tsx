import type { ReactNode } from 'react';
import { DayInput } from '@/components/list/DayInput';
import type { LocalDate } from '@/lib/time';

interface KnownInputProps {
  readonly known: LocalDate | undefined;
  readonly onChange: (part: { known: LocalDate | undefined }) => void;
}

/** As it was known on the evening of a day, before later papers came. */
export function KnownInput({ known, onChange }: KnownInputProps): ReactNode {
  return (
    <DayInput
      label="По данным на конец дня"
      placeholder="По всем данным"
      width={170}
      day={known}
      onChange={(day) => onChange({ known: day })}
    />
  );
}
