import { TextInput, type TextInputProps } from '@mantine/core';
import { DatePicker } from '@mantine/dates';
import type { ReactNode } from 'react';
import { type Leaning, readDate } from '@/lib/typed/dates';
import { isLocalDate, type LocalDate, formatDate } from '@/lib/time';
import { markToday } from '@/components/markToday';
import { useCalendarPopup } from './CalendarPopup';
import { useToday } from './useToday';
import { useTyped } from './useTyped';

interface DateFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'label'> {
  label: string;
  /** The label is heard, not seen. */
  bare?: boolean;
  /** The reason of a refusal stands elsewhere, where the field is too narrow for it. */
  reasonBelow?: boolean;
  /** «2026-12-05»; '' for none; while it isn't a date, what is typed. */
  value: string;
  onChange: (value: string) => void;
  /** Which year is meant where none is typed. */
  leaning: Leaning;
  /** «05.2028» is the last day of that month. */
  monthsEnd?: boolean;
  min?: LocalDate;
  max?: LocalDate;
}

/** A day, typed as people type it or chosen from the calendar (click, or arrow down). */
export function DateField({
  label,
  bare = false,
  reasonBelow = true,
  value,
  onChange,
  leaning,
  monthsEnd,
  min,
  max,
  error,
  disabled = false,
  ...props
}: DateFieldProps): ReactNode {
  const today = useToday();
  const field = useTyped<string>({
    value,
    format: formatDay,
    read: (text) => readDate(text, { today, leaning, monthsEnd, min, max }),
    raw: (text) => text,
    empty: '',
    onChange,
  });
  const popup = useCalendarPopup(field.props.ref, { label, disabled, onLeave: field.props.onBlur });
  const meant = readDate(field.text, { today, leaning });
  const chosen = isLocalDate(value) ? value : meant.ok ? meant.value : null;
  return popup.within(
    <TextInput
      placeholder="ДД.ММ.ГГГГ"
      maxLength={40}
      disabled={disabled}
      {...(bare ? { 'aria-label': label } : { label })}
      {...props}
      {...field.props}
      {...popup.target}
      error={field.fault === null ? error : reasonBelow ? field.fault : true}
      data-mantine-stop-propagation={popup.open || undefined}
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={(event) => {
        field.props.onKeyDown(event);
        popup.target.onKeyDown(event);
      }}
    />,
    <DatePicker
      key={chosen ?? ''}
      value={chosen}
      defaultDate={chosen ?? today}
      minDate={min}
      maxDate={max}
      getDayProps={markToday(today)}
      onChange={(next) => {
        field.reset();
        if (next !== null) onChange(next.slice(0, 10));
        popup.close();
        field.props.ref.current?.focus();
      }}
    />,
  );
}

function formatDay(value: string): string {
  return isLocalDate(value) ? formatDate(value) : value;
}
