import type { ReactNode } from 'react';
import { money } from './amounts';

/** What a list comes to, beside its count: «12 документов на сумму 1 500 ₽». `words` with their spaces. */
export function Summed({ words, amount }: { readonly words: string; readonly amount: string }): ReactNode {
  return (
    <>
      {words}
      <b className="tabular">{money(amount)}</b>
    </>
  );
}
