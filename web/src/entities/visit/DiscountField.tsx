import { Group, UnstyledButton } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';
import { NumberField } from '@/components/fields/NumberField';
import { MONEY, PERCENT, type VisitDiscount } from './visitLines';
import classes from './lines.module.css';

interface DiscountFieldProps {
  readonly label: string;
  readonly discount: VisitDiscount | null;
  readonly disabled: boolean;
  readonly error: boolean;
  readonly onChange: (discount: VisitDiscount | null) => void;
}

/** Percent or rubles: «%» and «р» switch while one types, and so does the button. */
export function DiscountField({ label, discount, disabled, error, onChange }: DiscountFieldProps): ReactNode {
  const kind = discount?.kind ?? 'percent';
  const amount = discount?.amount ?? '';
  const change = (next: VisitDiscount) => onChange(next.amount.trim() === '' ? null : next);
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = event.key === '%' ? 'percent' : ['р', 'h', '₽'].includes(event.key.toLowerCase()) ? 'sum' : null;
    if (chosen === null || event.ctrlKey || event.metaKey || event.altKey || disabled) return;
    event.preventDefault();
    if (amount !== '') change({ kind: chosen, amount });
  };
  return (
    <Group gap={2} wrap="nowrap" onKeyDown={onKeyDown}>
      <NumberField
        key={kind} // the other rules are read anew
        aria-label={label}
        size="xs"
        flex={1}
        disabled={disabled}
        error={error}
        reasonBelow={false}
        classNames={{ input: classes.number ?? '' }}
        {...(kind === 'percent' ? PERCENT : MONEY)}
        unit={kind === 'percent' ? undefined : '₽'}
        value={amount}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(next) => change({ kind, amount: next })}
      />
      <UnstyledButton
        className={classes.kind ?? ''}
        tabIndex={-1}
        disabled={disabled || amount === ''}
        aria-label={`${label}: ${kind === 'percent' ? 'в рублях' : 'в процентах'}`}
        title={
          kind === 'percent' ? 'Процент; нажмите «р», чтобы задать сумму' : 'Сумма; нажмите «%», чтобы задать процент'
        }
        onClick={() => change({ kind: kind === 'percent' ? 'sum' : 'percent', amount })}
      >
        {kind === 'percent' ? '%' : '₽'}
      </UnstyledButton>
    </Group>
  );
}
