import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import type { components } from '@/lib/api/schema';

export type ReceiptStateKey = components['schemas']['FiscalReceiptItem']['state'];

export const RECEIPT_STATES: Readonly<Record<ReceiptStateKey, string>> = {
  waiting: 'Ждёт кассу',
  sent: 'Отправлен',
  printed: 'Пробит',
  failed: 'Не пробит',
  given_up: 'Не нужен',
};
const IN_A_SENTENCE: Readonly<Record<ReceiptStateKey, string>> = {
  waiting: 'чек ждёт кассу',
  sent: 'чек отправлен в кассу',
  printed: 'чек пробит',
  failed: 'чек не пробит',
  given_up: 'чек не нужен',
};

/** How far the fiscal receipt of a payment has come; a printed one is opened. */
export function ReceiptState({ state, link }: { readonly state: ReceiptStateKey; readonly link: string }): ReactNode {
  const text = IN_A_SENTENCE[state];
  if (state === 'printed' && link !== '') {
    return (
      <Anchor href={link} target="_blank" rel="noreferrer" inherit>
        {text}
      </Anchor>
    );
  }
  return state === 'failed' ? <span style={{ color: 'var(--mantine-color-error)' }}>{text}</span> : text;
}
