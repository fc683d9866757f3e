import { useState } from 'react';
import { DateField } from '@/components/fields/DateField';
import { isLocalDate, type LocalDate } from '@/lib/time';

interface DayInputProps {
  label: string;
  /** Shown while there is none. */
  placeholder: string;
  /** The day of the address. */
  day: LocalDate | undefined;
  onChange: (day: LocalDate | undefined) => void;
  width: number;
}

/** A day that ends up in the address once it is one. */
export function DayInput({ label, placeholder, day = '', onChange, width }: DayInputProps) {
  const [typed, setTyped] = useState(day);
  const [known, setKnown] = useState(day);
  if (day !== known) {
    // the address changed by itself (back button, link)
    setKnown(day);
    setTyped(day);
  }
  return (
    <DateField
      label={label}
      bare
      placeholder={placeholder}
      w={width}
      leaning="past"
      value={typed}
      onChange={(next) => {
        setTyped(next);
        if (next !== '' && !isLocalDate(next)) return;
        setKnown(next);
        onChange(next === '' ? undefined : next);
      }}
    />
  );
}
