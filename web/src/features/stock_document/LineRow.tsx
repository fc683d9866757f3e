import { ActionIcon, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { memo, type ReactNode, useRef, useState } from 'react';
import { Choice } from '@/components/fields/Choice';
import { DateField } from '@/components/fields/DateField';
import { NumberField } from '@/components/fields/NumberField';
import type { StockGoods, StockKind, StockUnit } from '@/entities/stock/queries';
import { GoodsField } from '@/entities/stock/GoodsField';
import { hasTwoUnits, quantity, unitName } from '@/entities/stock/units';
import { limits } from '@/lib/api/limits';
import { rubles, uncapital } from '@/lib/text';
import { type DraftLine, type LineFaults, type LineField, unreadable } from './documentDraft';
import { COUNTED, differenceOf, MONEY, QUANTITY, type TypedMoney, withPrice, withQuantity, withSum } from './lineMoney';
import { type Beside, columnsOf } from './lineColumns';
import classes from './LinesTable.module.css';

interface LineRowProps {
  readonly kind: StockKind;
  readonly index: number;
  readonly line: DraftLine;
  readonly faults: LineFaults | undefined;
  readonly disabled: boolean;
  readonly beside: Beside;
  /** Rubles; null of what isn't known (any more). */
  readonly cost: string | null;
  /** In the unit of write-off; null while it isn't known. */
  readonly book: string | null;
  /** Of this line, from what it is by then. */
  readonly onChange: (index: number, change: (line: DraftLine) => DraftLine) => void;
  readonly onRemove: (index: number) => void;
}

const NAMES: Readonly<Record<LineField, string>> = {
  goods_id: 'Товар',
  quantity: 'Количество',
  unit: 'Единица',
  price: 'Цена',
  sum: 'Сумма',
  batch: 'Партия',
  expires_on: 'Годен до',
};

/** One line of a document. What is wrong with it stands below it over the whole width: its fields are too narrow for a reason. */
export const LineRow = memo(function LineRow(props: LineRowProps): ReactNode {
  const { kind, index, line, faults, disabled, beside, cost, book, onChange, onRemove } = props;
  const { goods, unit, price, sum, batch, expires_on } = line;
  const [typing, setTyping] = useState<string | null>(null);
  const typedMoney = useRef<TypedMoney | null>(null);
  const change = (part: (line: DraftLine) => DraftLine) => onChange(index, part);
  const place = `строка ${index + 1}`;
  // what is half typed is no fault yet
  const unread = Object.entries(unreadable(kind, line)).filter(([field]) => field !== typing);
  const shown: LineFaults = { ...Object.fromEntries(unread), ...faults };
  const reasons = Object.entries(shown) as [LineField, string][];
  const explained = `line-${index}-faults`;
  const cell = (field: LineField) => ({
    'aria-label': `${NAMES[field]}, ${place}`,
    'aria-describedby': field in shown ? explained : undefined,
    size: 'xs' as const,
    disabled,
    error: field in shown,
  });
  const numeric = { reasonBelow: false, onFocus: select, classNames: { input: classes.number } };

  return (
    <>
      <tr
        data-line={index}
        className={classes.line}
        onFocus={(event) => setTyping(columnOf(event.target))}
        onBlur={() => setTyping(null)}
      >
        <td className={classes.place}>{index + 1}</td>
        <td data-column="goods_id">
          <GoodsField
            goods={goods}
            label={`${NAMES.goods_id}, ${place}`}
            disabled={disabled}
            error={'goods_id' in shown}
            onChoose={(next) => change((now) => ({ ...now, goods: next, unit: unitFor(next, now.unit) }))}
          />
        </td>
        <td data-column="quantity">
          <NumberField
            {...cell('quantity')}
            {...numeric}
            {...(kind.counts ? COUNTED : QUANTITY)}
            value={line.quantity}
            onChange={(next) => change((now) => withQuantity(now, next, typedMoney.current))}
          />
        </td>
        <td data-column="unit" className={classes.unit}>
          {hasTwoUnits(goods) ? (
            <Choice
              {...cell('unit')}
              title={unitName(goods, unit)}
              rightSectionWidth={22}
              openOnFocus={false}
              comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
              data={(['sale', 'write_off'] as const).map((one) => ({ value: one, label: unitName(goods, one) }))}
              value={unit}
              onChange={(next) => change((now) => ({ ...now, unit: next === 'sale' ? 'sale' : 'write_off' }))}
            />
          ) : (
            <span title={goods.sale_unit}>{goods.sale_unit}</span>
          )}
        </td>
        {(kind.priced || kind.counts) && (
          <td data-column="price">
            <NumberField
              {...cell('price')}
              {...numeric}
              {...MONEY}
              value={price}
              onChange={(next) => {
                typedMoney.current = 'price';
                change((now) => (kind.priced ? withPrice(now, next) : { ...now, price: next }));
              }}
            />
          </td>
        )}
        {kind.priced && (
          <td data-column="sum">
            <NumberField
              {...cell('sum')}
              {...numeric}
              {...MONEY}
              value={sum}
              onChange={(next) => {
                typedMoney.current = 'sum';
                change((now) => withSum(now, next));
              }}
            />
          </td>
        )}
        {kind.batches && (
          <>
            <td data-column="batch">
              <TextInput
                {...cell('batch')}
                {...limits.ReceivedLine.batch}
                autoComplete="off"
                title={batch}
                value={batch}
                onFocus={select}
                onChange={(event) => {
                  const next = event.currentTarget.value;
                  change((now) => ({ ...now, batch: next }));
                }}
              />
            </td>
            <td data-column="expires_on">
              <DateField
                {...cell('expires_on')}
                label={`${NAMES.expires_on}, ${place}`}
                bare
                reasonBelow={false}
                placeholder=""
                leaning="coming"
                monthsEnd
                value={expires_on}
                onChange={(next) => change((now) => ({ ...now, expires_on: next }))}
              />
            </td>
          </>
        )}
        {beside.book && <BookCells line={line} book={book} />}
        {beside.costs && (
          <td className={classes.derived} data-column="cost">
            {cost !== null && rubles(cost).replace(/^-/, '−')}
          </td>
        )}
        <td className={classes.remove}>
          {!disabled && (
            <ActionIcon
              tabIndex={-1} // by the keyboard: Ctrl+Delete, without a stop in every line
              aria-label={`Убрать строку ${index + 1}: ${goods.name}`}
              onClick={() => onRemove(index)}
            >
              <IconX size={16} stroke={1.7} aria-hidden />
            </ActionIcon>
          )}
        </td>
      </tr>
      {reasons.length > 0 && (
        <tr className={classes.faults}>
          <td />
          <td colSpan={columnsOf(kind, true, beside).length - 1} id={explained}>
            {reasons.map(([field, reason]) => `${NAMES[field]}: ${uncapital(reason)}`).join(' · ')}
          </td>
        </tr>
      )}
    </>
  );
});

/** What there should have been, and how much more or less was counted. */
function BookCells({ line, book }: { readonly line: DraftLine; readonly book: string | null }): ReactNode {
  const { goods, quantity: counted, unit } = line;
  const named = unit === 'sale' && hasTwoUnits(goods) ? unitName(goods, 'write_off') : '';
  const difference = book === null ? null : differenceOf(counted, unit === 'sale' ? goods.factor : '1', book);
  return (
    <>
      <td className={classes.derived} data-column="book">
        {book !== null && quantity(book, named)}
      </td>
      <td className={classes.derived} data-column="difference" data-off={difference !== null && difference !== '0'}>
        {difference !== null && signed(difference, named)}
      </td>
    </>
  );
}

function signed(difference: string, unit: string): string {
  return `${/^[-0]/.test(difference) && !/^0\./.test(difference) ? '' : '+'}${quantity(difference, unit)}`;
}

const select = (event: { currentTarget: HTMLInputElement }) => event.currentTarget.select();

function columnOf(target: EventTarget): string | null {
  return target instanceof HTMLElement ? (target.closest<HTMLElement>('[data-column]')?.dataset.column ?? null) : null;
}

/** Other goods in the same unit where they have both. */
function unitFor(goods: StockGoods, unit: StockUnit): StockUnit {
  return hasTwoUnits(goods) ? unit : 'write_off';
}
