import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { quantity } from '@/entities/stock/units';
import { rubles } from '@/lib/text';

export function money(amount: string): string {
  return rubles(amount).replace(/^-/, '−');
}

/** For Excel, which reads numbers alone. */
export const plain = (amount: string | null) => (amount ?? '').replace('.', ',');

export const isBelow = (amount: string) => amount.startsWith('-');

interface StockedProps {
  readonly amount: string;
  readonly unit?: string;
  /** Says so in a word too. */
  readonly word?: boolean;
}

/** What there is; less than nothing in red, and in a word for those who don't see colours. */
export function Stocked({ amount, unit, word = true }: StockedProps): ReactNode {
  const below = isBelow(amount);
  return (
    <Text span inherit className="tabular" c={below ? 'var(--mantine-color-error)' : undefined}>
      {below && word && 'не хватает '}
      {quantity(amount, unit)}
    </Text>
  );
}
