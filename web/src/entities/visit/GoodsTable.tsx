import { memo, type ReactNode } from 'react';
import { Choice } from '@/components/fields/Choice';
import { NumberField } from '@/components/fields/NumberField';
import { useLatest } from '@/components/useLatest';
import { GoodsField } from '@/entities/stock/GoodsField';
import { hasTwoUnits, unitName } from '@/entities/stock/units';
import { addedGoods, type GoodsDraft, inUnit, isNewGoods, newGoods, QUANTITY } from './visitLines';
import type { Amount } from './visitMoney';
import { useLineFacts } from './lineFacts';
import { type LineAmount, type LineFaults, LineRow } from './LineRow';
import classes from './lines.module.css';
import { LinesHead } from './LinesHead';
import { useAdded } from './useAdded';

interface WithGoods {
  readonly goods: readonly GoodsDraft[];
}
type Change = (change: (draft: WithGoods) => { goods: GoodsDraft[] }) => void;

interface GoodsTableProps {
  /** What the table is of: «Товары визита». */
  readonly label: string;
  readonly goods: readonly GoodsDraft[];
  readonly amounts: readonly Amount[];
  readonly disabled: boolean;
  /** By the server's names of the fields: «goods.0.quantity». */
  readonly faults: Readonly<Record<string, string>>;
  /** New goods may be made by their name. */
  readonly creates?: boolean;
  readonly onChange: Change;
}

/** Goods that somebody gets, in the unit of sale or of write-off. */
export function GoodsTable({
  label,
  goods,
  amounts,
  disabled,
  faults,
  creates = false,
  onChange,
}: GoodsTableProps): ReactNode {
  const added = useAdded();
  const facts = useLineFacts('goods', amounts, faults);
  const add = useLatest((line: GoodsDraft) => {
    onChange((now) => ({ goods: [...now.goods, line] }));
    added.focus(`goods.${goods.length}`);
  });
  return (
    <table ref={added.table} className={classes.table} aria-label={label}>
      <LinesHead of="Товар" />
      <tbody>
        {goods.map((line, at) => {
          const { amount, faults: own } = facts[at] ?? NOTHING;
          return (
            <GoodsRow
              key={`${line.id} ${at}`}
              at={at}
              line={line}
              amount={amount}
              faults={own}
              disabled={disabled}
              onChange={onChange}
            />
          );
        })}
      </tbody>
      {!disabled && (
        <tbody>
          <tr>
            <td colSpan={7}>
              <AddGoods key={goods.length} wrong={faults.goods !== undefined} creates={creates} onAdd={add} />
            </td>
          </tr>
        </tbody>
      )}
    </table>
  );
}

interface AddGoodsProps {
  readonly wrong: boolean;
  readonly creates: boolean;
  readonly onAdd: (line: GoodsDraft) => void;
}

/** The field that adds: not drawn again for what is typed into the lines. */
const AddGoods = memo(function AddGoods({ wrong, creates, onAdd }: AddGoodsProps) {
  return (
    <GoodsField
      goods={null}
      label="Добавить товар"
      placeholder="Добавить товар: название или артикул"
      disabled={false}
      error={wrong}
      onChoose={(chosen) => onAdd(addedGoods(chosen))}
      onCreate={creates ? (name) => onAdd(newGoods(name)) : undefined}
    />
  );
});

const NOTHING = { amount: { gross: '0', net: '0' }, faults: {} };

interface GoodsRowProps {
  readonly at: number;
  readonly line: GoodsDraft;
  readonly amount: LineAmount;
  readonly faults: LineFaults;
  readonly disabled: boolean;
  readonly onChange: Change;
}

const GoodsRow = memo(function GoodsRow({ at, line, amount, faults, disabled, onChange }: GoodsRowProps): ReactNode {
  const change = (part: (line: GoodsDraft) => GoodsDraft) =>
    onChange((now) => ({ goods: now.goods.map((one, other) => (other === at ? part(one) : one)) }));
  return (
    <LineRow
      place={`goods.${at}`}
      name={line.name}
      quantity={
        <NumberField
          aria-label={`Количество: ${line.name}`}
          size="xs"
          {...QUANTITY}
          reasonBelow={false}
          classNames={{ input: classes.number ?? '' }}
          disabled={disabled}
          error={faults.quantity !== undefined}
          value={line.quantity}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(quantity) => change((now) => ({ ...now, quantity }))}
        />
      }
      unit={
        hasTwoUnits(line.units) && !disabled ? (
          <Choice
            aria-label={`Единица: ${line.name}`}
            size="xs"
            openOnFocus={false}
            rightSectionWidth={22}
            comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
            data={(['sale', 'write_off'] as const).map((one) => ({ value: one, label: unitName(line.units, one) }))}
            value={line.unit}
            onChange={(unit) => change((now) => inUnit(now, unit === 'sale' ? 'sale' : 'write_off'))}
          />
        ) : (
          unitName(line.units, line.unit)
        )
      }
      price={line.price}
      isNew={isNewGoods(line)}
      discount={line.discount}
      amount={amount}
      disabled={disabled}
      faults={faults}
      onPrice={(price) => change((now) => ({ ...now, price }))}
      onDiscount={(discount) => change((now) => ({ ...now, discount }))}
      onRemove={() => onChange((now) => ({ goods: now.goods.filter((_, other) => other !== at) }))}
    />
  );
});
