import { CloseButton, Group, TextInput, type TextInputProps } from '@mantine/core';
import { DatePicker } from '@mantine/dates';
import { type ReactNode, useState } from 'react';
import { type Period, readPeriod } from '@/lib/typed/dates';
import { refused } from '@/lib/typed/read';
import { daysBetween, isLocalDate, formatDate } from '@/lib/time';
import { markToday } from '@/components/markToday';
import { useCalendarPopup } from './CalendarPopup';
import { useToday } from './useToday';
import { useTyped } from './useTyped';

interface PeriodFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'label'> {
  label: string;
  /** The label is heard, not seen. */
  bare?: boolean;
  value: Period | null;
  /** null: none, or a text that is none. */
  onChange: (period: Period | null) => void;
  /** The most days that it may have. */
  longest?: number;
}

/** Days from … to …, both included: typed («1.12 – 14.12», «декабрь», «сегодня») or chosen from the calendar. */
export function PeriodField({
  label,
  bare = false,
  value,
  onChange,
  longest,
  error,
  disabled = false,
  ...props
}: PeriodFieldProps): ReactNode {
  const today = useToday();
  const [half, setHalf] = useState<string | null>(null); // chosen first, waits for its other end
  const field = useTyped<string>({
    value: value === null ? '' : joined(value),
    format: (stored) => (stored === '' ? '' : formatPeriod(splitPeriod(stored))),
    read: (text) => {
      const read = readPeriod(text, { today, leaning: 'this-year' });
      if (!read.ok) return read;
      const { from, to } = read.value;
      if (longest !== undefined && daysBetween(from, to) >= longest) return refused(`Не длиннее ${longest} дней`);
      return { ...read, value: joined(read.value), whole: false };
    },
    raw: () => (value === null ? '' : joined(value)), // asked for when the field is left
    empty: '',
    onChange: (stored) => onChange(stored === '' ? null : splitPeriod(stored)),
  });
  const popup = useCalendarPopup(field.props.ref, {
    label,
    disabled,
    onLeave: () => {
      setHalf(null);
      field.props.onBlur();
    },
  });
  const clear = (
    <CloseButton
      size="sm"
      tabIndex={-1}
      aria-label="Очистить"
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        field.reset();
        onChange(null);
      }}
    />
  );
  return popup.within(
    <TextInput
      maxLength={60}
      disabled={disabled}
      {...(bare ? { 'aria-label': label } : { label })}
      {...props}
      {...field.props}
      {...popup.target}
      rightSection={
        <Group gap={0} wrap="nowrap">
          {value !== null && !disabled && clear}
          {popup.target.rightSection}
        </Group>
      }
      rightSectionWidth={value === null ? 34 : 58}
      error={field.fault ?? error}
      data-mantine-stop-propagation={popup.open || undefined}
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={(event) => {
        field.props.onKeyDown(event);
        popup.target.onKeyDown(event);
      }}
    />,
    <DatePicker
      type="range"
      allowSingleDateInRange
      key={field.text}
      value={half !== null ? [half, null] : [value?.from ?? null, value?.to ?? null]}
      defaultDate={half ?? value?.from ?? today}
      getDayProps={markToday(today)}
      onChange={([first, last]) => {
        if (first !== null && last !== null) {
          setHalf(null);
          field.reset();
          onChange({ from: first.slice(0, 10), to: last.slice(0, 10) });
          popup.close();
          field.props.ref.current?.focus();
        } else setHalf(first);
      }}
    />,
  );
}

/** «01.12.2026 – 14.12.2026», one day alone as itself. */
function formatPeriod({ from, to }: Period): string {
  return from === to ? formatDate(from) : `${formatDate(from)} – ${formatDate(to)}`;
}

const joined = ({ from, to }: Period) => `${from} ${to}`;

function splitPeriod(stored: string): Period {
  const [from = '', to = ''] = stored.split(' ');
  return isLocalDate(from) && isLocalDate(to) ? { from, to } : { from: '', to: '' };
}
