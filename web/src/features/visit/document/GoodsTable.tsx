import { memo, type ReactNode } from 'react';
import { Choice } from '@/components/fields/Choice';
import { NumberField } from '@/components/fields/NumberField';
import { useLatest } from '@/components/useLatest';
import { GoodsField } from '@/entities/stock/GoodsField';
import { hasTwoUnits, unitName } from '@/entities/stock/units';
import type { LinesFields } from '@/entities/visit/VisitEditor';
import { addedGoods, type GoodsDraft, inUnit, isNewGoods, newGoods, QUANTITY } from '@/entities/visit/visitLines';
import type { Amount } from '@/entities/visit/visitMoney';
import { useMe } from '@/lib/api/me';
import { useLineFacts } from './lineFacts';
import { type LineAmount, type LineFaults, LineRow } from './LineRow';
import classes from './lines.module.css';
import { LinesHead } from './LinesHead';
import { useAdded } from './useAdded';

interface GoodsTableProps extends LinesFields {
  readonly amounts: readonly Amount[];
}

/** The goods that the patient gets, in the unit of sale or of write-off. */
export function GoodsTable({ draft, amounts, disabled, faults, onChange }: GoodsTableProps): ReactNode {
  const added = useAdded();
  const { goods } = draft;
  const facts = useLineFacts('goods', amounts, faults);
  const add = useLatest((line: GoodsDraft) => {
    onChange((now) => ({ goods: [...now.goods, line] }));
    added.focus(`goods.${goods.length}`);
  });
  return (
    <table ref={added.table} className={classes.table} aria-label="Товары визита">
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
              <AddGoods key={goods.length} wrong={faults.goods !== undefined} onAdd={add} />
            </td>
          </tr>
        </tbody>
      )}
    </table>
  );
}

/** The field that adds: not drawn again for what is typed into the lines. */
const AddGoods = memo(function AddGoods({ wrong, onAdd }: { wrong: boolean; onAdd: (line: GoodsDraft) => void }) {
  const me = useMe();
  return (
    <GoodsField
      goods={null}
      label="Добавить товар"
      placeholder="Добавить товар: название или артикул"
      disabled={false}
      error={wrong}
      onChoose={(chosen) => onAdd(addedGoods(chosen))}
      onCreate={me.clinic.create_goods ? (name) => onAdd(newGoods(name)) : undefined}
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
  readonly onChange: LinesFields['onChange'];
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
