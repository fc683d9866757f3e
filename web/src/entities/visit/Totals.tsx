import type { ReactNode } from 'react';
import { type Amounts, inRubles } from './visitMoney';
import type { VisitDiscount } from './visitLines';
import { useRight } from '@/lib/api/me';
import { rubles } from '@/lib/text';
import { DiscountField } from './DiscountField';
import classes from './lines.module.css';

interface TotalsProps {
  /** What the discount of the whole is called: «Скидка на визит». */
  readonly label: string;
  readonly discount: VisitDiscount | null;
  readonly amounts: Amounts;
  readonly disabled: boolean;
  readonly faults: Readonly<Record<string, string>>;
  readonly onDiscount: (discount: VisitDiscount | null) => void;
}

/** What a visit or a sale comes to, with the discount of the whole. */
export function Totals({ label, discount, amounts, disabled, faults, onDiscount }: TotalsProps): ReactNode {
  const mayDiscount = useRight('visit_discounts');
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
          <dt>{label}</dt>
          <dd style={{ width: 130 }}>
            <DiscountField
              label={label}
              discount={discount}
              disabled={disabled || !mayDiscount}
              error={'discount' in faults}
              onChange={onDiscount}
            />
          </dd>
        </>
      )}
      <dt className={classes.due}>Итого</dt>
      <dd className={classes.due}>{rubles(inRubles(amounts.net))}</dd>
    </dl>
  );
}
