import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { NumberField } from '@/components/fields/NumberField';
import { MONEY, type VisitDiscount } from './visitLines';
import { useRight } from '@/lib/api/me';
import { rubles } from '@/lib/text';
import { shortest } from '@/lib/typed/numbers';
import { DiscountField } from './DiscountField';
import classes from './lines.module.css';

/** What a line comes to, in rubles. */
export interface LineAmount {
  readonly gross: string;
  readonly net: string;
}

/** By the field of the line. */
export type LineFaults = Readonly<Record<string, string>>;

interface LineRowProps {
  /** «lines.3»: what the server calls it. */
  readonly place: string;
  readonly name: string;
  /** Beneath the name. */
  readonly beside?: ReactNode;
  readonly quantity: ReactNode;
  readonly unit: ReactNode;
  readonly price: string;
  /** It is made by this visit: its price is whoever's who makes it. */
  readonly isNew: boolean;
  readonly discount: VisitDiscount | null;
  readonly amount: LineAmount;
  readonly disabled: boolean;
  /** Of this line alone. */
  readonly faults: LineFaults;
  readonly onPrice: (price: string) => void;
  readonly onDiscount: (discount: VisitDiscount | null) => void;
  readonly onRemove: () => void;
}

/** A service or goods of the visit. What is wrong with it stands below it over the whole width. */
export function LineRow(props: LineRowProps): ReactNode {
  const { place, name, beside, quantity, unit, price, isNew, discount, amount, disabled, faults } = props;
  const mayPrice = useRight('visit_prices') || isNew;
  const mayDiscount = useRight('visit_discounts');
  const { gross, net } = amount;
  return (
    <>
      <tr className={classes.line} data-line={place}>
        <td className={classes.name}>
          {name}
          {beside}
        </td>
        <td>{quantity}</td>
        <td>{unit}</td>
        <td>
          {mayPrice && !disabled ? (
            <NumberField
              aria-label={`Цена: ${name}`}
              size="xs"
              {...MONEY}
              reasonBelow={false}
              classNames={{ input: classes.number ?? '' }}
              error={faults.price !== undefined}
              value={shortest(price)}
              onFocus={(event) => event.currentTarget.select()}
              onChange={props.onPrice}
            />
          ) : (
            <div className={classes.sum}>{rubles(price)}</div>
          )}
        </td>
        <td>
          {(mayDiscount && !disabled) || discount !== null ? (
            <DiscountField
              label={`Скидка: ${name}`}
              discount={discount}
              disabled={disabled || !mayDiscount}
              error={faults.discount !== undefined}
              onChange={props.onDiscount}
            />
          ) : null}
        </td>
        <td className={classes.sum}>
          {gross !== net && <span className={classes.before}>{rubles(gross)}</span>}
          {rubles(net)}
        </td>
        <td className={classes.right}>
          {!disabled && (
            <ActionIcon tabIndex={-1} aria-label={`Убрать: ${name}`} onClick={props.onRemove}>
              <IconX size={16} stroke={1.7} aria-hidden />
            </ActionIcon>
          )}
        </td>
      </tr>
      {Object.keys(faults).length > 0 && (
        <tr className={classes.faults}>
          <td colSpan={7}>{Object.values(faults).join('. ')}</td>
        </tr>
      )}
    </>
  );
}
