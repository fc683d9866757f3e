import type { ReactNode } from 'react';
import type { LinesFields } from '@/entities/visit/VisitEditor';
import { type Amounts, inRubles } from '@/entities/visit/visitMoney';
import { useRight } from '@/lib/api/me';
import { rubles } from '@/lib/text';
import { DiscountField } from './DiscountField';
import classes from './lines.module.css';

interface TotalsProps extends LinesFields {
  readonly amounts: Amounts;
}

/** What the visit comes to, with the discount of the whole. */
export function Totals({ draft, amounts, disabled, faults, onChange }: TotalsProps): ReactNode {
  const mayDiscount = useRight('visit_discounts');
  const { discount } = draft;
  return (
    <dl className={classes.totals}>
      {amounts.discount > 0n && (
        <>
          <dt>Без скидок</dt>
          <dd>{rubles(inRubles(amounts.gross))}</dd>
          <dt>Скидки</dt>
          <dd>−{rubles(inRubles(amounts.discount))}</dd>
        </>
      )}
      {((mayDiscount && !disabled) || discount !== null) && (
        <>
          <dt>Скидка на визит</dt>
          <dd style={{ width: 130 }}>
            <DiscountField
              label="Скидка на визит"
              discount={discount}
              disabled={disabled || !mayDiscount}
              error={'discount' in faults}
              onChange={(next) => onChange(() => ({ discount: next }))}
            />
          </dd>
        </>
      )}
      <dt className={classes.due}>Итого</dt>
      <dd className={classes.due}>{rubles(inRubles(amounts.net))}</dd>
    </dl>
  );
}
