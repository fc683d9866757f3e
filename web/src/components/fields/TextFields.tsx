/** Fields whose text is a clock time, a duration, a phone or a birth date. */
import { TextInput, type TextInputProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatBirthDate } from '@/lib/text';
import { clock, parseClock } from '@/lib/time';
import { readBirthDate } from '@/lib/typed/dates';
import { readClock } from '@/lib/typed/clock';
import { readPhone } from '@/lib/typed/phones';
import type { Read } from '@/lib/typed/read';
import { useToday } from './useToday';
import { useTyped } from './useTyped';

/** `value`: in the form in which it is sent; '' for none; while it isn't understood, what is typed. */
export interface TypedFieldProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  value: string;
  onChange: (value: string) => void;
}

interface KindProps extends TypedFieldProps {
  /** The reason of a refusal stands elsewhere, where the field is too narrow for it. */
  reasonBelow?: boolean;
  format: (value: string) => string;
  read: (text: string) => Read<string>;
}

function KindField({
  value,
  onChange,
  format,
  read,
  error,
  onKeyDown,
  reasonBelow = true,
  ...props
}: KindProps): ReactNode {
  const field = useTyped<string>({ value, format, read, raw: (text) => text, empty: '', onChange });
  return (
    <TextInput
      {...props}
      {...field.props}
      error={field.fault === null ? error : reasonBelow ? field.fault : true}
      onKeyDown={(event) => {
        field.props.onKeyDown(event);
        onKeyDown?.(event);
      }}
    />
  );
}

const asItIs = (value: string) => value;

interface ClockFieldProps extends TypedFieldProps, Pick<KindProps, 'reasonBelow'> {
  /** «24:00» may be meant: the end of a day. */
  endOfDay?: boolean;
  /** What the arrows up and down change, in minutes. */
  step?: number;
}

/** A clock time, «09:30»: typed as 9, 9:30, 0930; moved by the arrows. */
export function ClockField({ endOfDay = false, step = 5, value, onChange, ...props }: ClockFieldProps): ReactNode {
  return (
    <KindField
      inputMode="numeric"
      maxLength={12}
      placeholder="ЧЧ:ММ"
      {...props}
      value={value}
      onChange={onChange}
      format={asItIs}
      read={(text) => readClock(text, { endOfDay })}
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={(event) => {
        const by = event.key === 'ArrowUp' ? step : event.key === 'ArrowDown' ? -step : 0;
        const read = readClock(event.currentTarget.value, { endOfDay });
        const now = read.ok ? parseClock(read.value) : null;
        if (by === 0 || now === null) return;
        event.preventDefault();
        const next = now + by;
        if (next >= 0 && next < 1440) onChange(clock(next));
      }}
    />
  );
}

/** As it is shown: «+7 912 345-67-89». What numbers there are, the server knows. */
export function PhoneField(props: TypedFieldProps): ReactNode {
  return (
    <KindField type="tel" placeholder="+7 912 345-67-89" maxLength={40} {...props} format={asItIs} read={readPhone} />
  );
}

/** In stored form, whole or in part: 1999, 1999-01, 1999-01-15, --01-15. */
export function BirthDateField(props: TypedFieldProps): ReactNode {
  const today = useToday();
  return (
    <KindField
      placeholder="ДД.ММ.ГГГГ"
      maxLength={30}
      {...props}
      format={formatBirthDate}
      read={(text) => readBirthDate(text, today)}
    />
  );
}
