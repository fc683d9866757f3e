import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { rubles } from '@/lib/text';

const minus = (text: string) => text.replace(/^-/, '−');

/** «1 500,00 ₽», with a real minus. */
export function money(amount: string): string {
  return minus(rubles(amount));
}

/** For Excel, which reads numbers alone. */
export const plain = (amount: string) => amount.replace('.', ',');

export const isBelow = (amount: string) => amount.startsWith('-');
export const isNothing = (amount: string) => Number(amount) === 0;

/** A sum; less than nothing in red too. */
export function Sum({ amount }: { readonly amount: string }): ReactNode {
  return (
    <Text span inherit className="tabular" c={isBelow(amount) ? 'var(--mantine-color-error)' : undefined}>
      {money(amount)}
    </Text>
  );
}

/** A sum of a column of which most rows have none. */
export function SumOrNothing({ amount }: { readonly amount: string }): ReactNode {
  return isNothing(amount) ? null : <Sum amount={amount} />;
}
