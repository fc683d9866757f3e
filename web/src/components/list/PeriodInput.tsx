import { PeriodField } from '@/components/fields/PeriodField';
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

/** Days whose bounds end up in the address, both or none. */
export function PeriodInput({ label, bare, from, to, onChange, width = 250, disabled = false }: PeriodInputProps) {
  return (
    <PeriodField
      label={label}
      bare={bare ?? false}
      placeholder={bare ? label : 'За всё время'}
      w={width}
      disabled={disabled}
      value={from === undefined || to === undefined ? null : { from, to }}
      onChange={(period) => onChange({ from: period?.from, to: period?.to })}
    />
  );
}
