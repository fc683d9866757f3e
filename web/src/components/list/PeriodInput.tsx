import { DatePickerInput } from '@mantine/dates';
import { useState } from 'react';
import type { LocalDate } from '@/lib/time';

interface PeriodInputProps {
  label: string;
  /** Without a caption over it, where its neighbours have none. */
  bare?: boolean;
  /** The days of the address, both included. */
  from: LocalDate | undefined;
  to: LocalDate | undefined;
  onChange: (days: { from: LocalDate | undefined; to: LocalDate | undefined }) => void;
  width?: number;
  disabled?: boolean;
}

type Range = [from: string | null, to: string | null];

/** Days whose bounds end up in the address, both or none. */
export function PeriodInput({ label, bare, from, to, onChange, width = 220, disabled = false }: PeriodInputProps) {
  const told: Range = [from ?? null, to ?? null];
  const [half, setHalf] = useState<Range | null>(null);
  return (
    <DatePickerInput
      type="range"
      {...(bare ? { 'aria-label': label, placeholder: label } : { label, placeholder: 'За всё время' })}
      allowSingleDateInRange
      clearable
      clearButtonProps={{ 'aria-label': 'Очистить период' }}
      w={width}
      disabled={disabled}
      value={half ?? told}
      onChange={(next) => {
        const [first, last] = next;
        if ((first === null) !== (last === null)) {
          setHalf(next); // waits for its other end
          return;
        }
        setHalf(null);
        onChange({ from: first ?? undefined, to: last ?? undefined });
      }}
    />
  );
}
