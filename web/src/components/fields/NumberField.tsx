/** Fields for numbers: sums, quantities, minutes. */
import { TextInput, type TextInputProps, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { readDuration } from '@/lib/typed/clock';
import { type NumberRules, readNumber, formatNumber } from '@/lib/typed/numbers';
import type { Read } from '@/lib/typed/read';
import classes from './NumberField.module.css';
import { useTyped } from './useTyped';

interface FieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'max' | 'min' | 'step'> {
  /** The reason of a refusal stands elsewhere, where the field is too narrow for it. */
  reasonBelow?: boolean;
}

interface BoxProps<V> extends FieldProps {
  typed: Parameters<typeof useTyped<V>>[0];
  unit?: string | undefined;
  /** The value one step up or down; null where there is none. */
  step?: ((by: 1 | -1) => V | null) | undefined;
}

function NumberBox<V>({ typed, unit, step, error, reasonBelow = true, ...props }: BoxProps<V>): ReactNode {
  const field = useTyped(typed);
  const go = (by: 1 | -1) => {
    const next = step?.(by) ?? null;
    if (next !== null) typed.onChange(next);
  };
  const disabled = props.disabled ?? false;
  return (
    <TextInput
      inputMode="decimal"
      maxLength={24}
      {...props}
      {...field.props}
      data-unit={unit}
      error={field.fault === null ? error : reasonBelow ? field.fault : true}
      rightSectionWidth={(unit === undefined ? 6 : unit.length * 9 + 10) + (step === undefined ? 0 : 20)}
      rightSection={
        <span className={classes.beside}>
          {unit !== undefined && <span aria-hidden="true">{unit}</span>}
          {step !== undefined && (
            <span className={classes.steps} aria-hidden="true">
              {([1, -1] as const).map((by) => (
                <UnstyledButton
                  key={by}
                  className={classes.step}
                  tabIndex={-1}
                  disabled={disabled}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => go(by)}
                >
                  {by === 1 ? <IconChevronUp size={11} /> : <IconChevronDown size={11} />}
                </UnstyledButton>
              ))}
            </span>
          )}
        </span>
      }
      onKeyDown={(event) => {
        field.props.onKeyDown(event);
        if (step === undefined || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
        event.preventDefault();
        go(event.key === 'ArrowUp' ? 1 : -1);
      }}
    />
  );
}

interface NumberFieldProps extends FieldProps, NumberRules {
  /** An exact decimal in its shortest form, «1500.5»; '' for none; while it isn't understood, what is typed. */
  value: string;
  onChange: (value: string) => void;
  step?: number | undefined;
}

/** A number or a sum: «1 500,50 ₽», 1500.5. */
export function NumberField({
  value,
  onChange,
  decimals,
  min,
  max,
  unit,
  step,
  ...props
}: NumberFieldProps): ReactNode {
  const rules = { decimals, unit, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  const read = (text: string): Read<string> => readNumber(text, rules);
  return (
    <NumberBox
      inputMode={decimals === 0 ? 'numeric' : 'decimal'}
      {...props}
      unit={unit}
      typed={{ value, format: (stored) => formatNumber(stored, unit), read, raw: (text) => text, empty: '', onChange }}
      step={
        step === undefined
          ? undefined
          : (by) => {
              const now = readNumber(formatNumber(value), rules);
              const next = now.ok ? Number(now.value) + by * step : (min ?? 0);
              return readNumber(String(next), rules).ok ? String(next) : null;
            }
      }
    />
  );
}

interface CountFieldProps extends FieldProps {
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}

/** A whole number that is never missing: while the text is none, the former stays, and the form isn't sent. */
export function CountField({ value, min, max, onChange, ...props }: CountFieldProps): ReactNode {
  return (
    <NumberBox<number>
      inputMode="numeric"
      {...props}
      typed={{
        value,
        format: String,
        read: (text) => {
          const read = readNumber(text, { decimals: 0, min, max });
          return read.ok ? { ...read, value: Number(read.value) } : read;
        },
        raw: () => value,
        empty: value,
        needed: 'Укажите число',
        onChange,
      }}
      step={(by) => (value + by >= min && value + by <= max ? value + by : null)}
    />
  );
}

interface DurationFieldProps extends FieldProps {
  /** Minutes; null for none, or a text that is none. */
  value: number | null;
  step?: number;
  onChange: (minutes: number | null) => void;
}

/** Minutes: 40, 1:20, «1,5 ч». */
export function DurationField({ value, step = 5, onChange, ...props }: DurationFieldProps): ReactNode {
  return (
    <NumberBox<number | null>
      inputMode="numeric"
      {...props}
      unit="мин"
      typed={{
        value,
        format: (minutes) => (minutes === null ? '' : String(minutes)),
        read: readDuration,
        raw: () => null,
        empty: null,
        onChange,
      }}
      step={(by) => {
        const next =
          value === null ? step : Math.floor(value / step) * step + (by === 1 || value % step === 0 ? by * step : 0);
        return next >= step && next <= 1440 ? next : null;
      }}
    />
  );
}
