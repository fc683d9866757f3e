import { Input, Text, VisuallyHidden } from '@mantine/core';
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { GoodsField } from '@/entities/stock/GoodsField';
import type { StockGoods, StockKind } from '@/entities/stock/queries';
import { hasTwoUnits } from '@/entities/stock/units';
import { counted, fromKopecks, kopecks, rubles } from '@/lib/text';
import { type DraftLine, type Faults, faultsByLine, newLine } from './documentDraft';
import { columnsOf } from './lineColumns';
import { totalOf } from './lineMoney';
import { LineRow } from './LineRow';
import classes from './LinesTable.module.css';
import type { Book } from './useBook';
import { BLOCK, useShownBlocks } from './useShownBlocks';

type Lines = readonly DraftLine[];

interface LinesTableProps {
  readonly kind: StockKind;
  readonly lines: Lines;
  readonly faults: Faults;
  /** What a colleague saved meanwhile. */
  readonly note: ReactNode;
  readonly disabled: boolean;
  /** Of each line of a document in effect, as long as the lines are as they are stored; undefined: there are none to show. */
  readonly costs: readonly (string | null)[] | undefined;
  /** By goods what a count should have come to; null while it isn't known, undefined where it isn't shown. */
  readonly book: Book | null | undefined;
  /** From the lines as they are by then. */
  readonly onChange: (change: (lines: Lines) => Lines) => void;
}

interface Place {
  readonly line: number;
  readonly column: string;
}

const LINE_HEIGHT = 39;

/**
 * The lines of a document, made for the keyboard: Enter leads on from field to field (see `DocumentForm`), the last line adds by a
 * choice of goods, arrows lead up and down a column, Ctrl+Delete takes a line out.
 */
export function LinesTable({ kind, lines, faults, note, disabled, costs, book, onChange }: LinesTableProps): ReactNode {
  const table = useRef<HTMLTableElement>(null);
  const [showsCosts, showsBook] = [costs !== undefined, book !== undefined];
  const beside = useMemo(() => ({ costs: showsCosts, book: showsBook }), [showsCosts, showsBook]);
  const columns = columnsOf(
    kind,
    lines.some(({ goods }) => hasTwoUnits(goods)),
    beside,
  );
  const keys = useKeys(lines.length);
  const blocks = useShownBlocks(lines.length, LINE_HEIGHT);
  const { reveal } = blocks;
  const byLine = useMemo(() => faultsByLine(faults), [faults]);
  const next = useRef<Place | null>(null);
  const [, draw] = useState(0);

  const focus = useCallback(
    (place: Place) => {
      next.current = place;
      reveal(place.line);
      draw((times) => times + 1);
    },
    [reveal],
  );
  useLayoutEffect(() => {
    const { current: place } = next;
    if (place === null || table.current === null) return;
    const input = inputAt(table.current, place);
    if (input === null) return; // its line is drawn next
    next.current = null;
    input.focus();
  });

  const count = useRef(lines.length);
  count.current = lines.length;
  const change = useCallback(
    (index: number, part: (line: DraftLine) => DraftLine) => {
      onChange((all) => all.map((line, at) => (at === index ? part(line) : line)));
    },
    [onChange],
  );
  const remove = useCallback(
    (index: number, column = 'goods_id') => {
      keys.remove(index);
      onChange((all) => all.filter((_, at) => at !== index));
      focus({ line: index, column: index === count.current - 1 ? 'goods_id' : column });
    },
    [keys, onChange, focus],
  );
  const add = (goods: StockGoods) => {
    onChange((all) => [...all, newLine(kind, goods)]);
    focus({ line: lines.length, column: 'quantity' });
  };

  // the first fault may stand in a line that isn't drawn
  const firstFault = byLine.size === 0 ? null : Math.min(...byLine.keys());
  useEffect(() => {
    if (firstFault !== null) reveal(firstFault);
  }, [firstFault, reveal]);

  const onKeyDown = (event: KeyboardEvent) => {
    const place = placeOf(event.target);
    if (place === null || disabled) return;
    if (event.key === 'Delete' && event.ctrlKey && place.line < lines.length) {
      event.preventDefault();
      remove(place.line, place.column);
      return;
    }
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0 || !UP_AND_DOWN.has(place.column) || event.altKey || event.defaultPrevented) return;
    event.preventDefault();
    const line = place.line + by;
    if (line >= 0 && line < lines.length) focus({ line, column: place.column });
    else if (line === lines.length) focus({ line, column: 'goods_id' });
  };

  const starts = Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, block) => block);
  return (
    <div>
      {/* the keys are those of the fields in it */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <table ref={table} className={classes.table} aria-label="Строки документа" onKeyDown={onKeyDown}>
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} width={width} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ key, title, align }) => (
              <th key={key} scope="col" style={{ textAlign: align }}>
                {title === '' ? <VisuallyHidden>Убрать</VisuallyHidden> : title}
              </th>
            ))}
          </tr>
        </thead>
        {starts.map((block) => {
          const gap = blocks.gapOf(block);
          const from = block * BLOCK;
          return (
            <tbody key={block} ref={blocks.refOf(block)} data-block={block}>
              {gap === null ? (
                lines
                  .slice(from, from + BLOCK)
                  .map((line, at) => (
                    <LineRow
                      key={keys.all[from + at]}
                      kind={kind}
                      index={from + at}
                      line={line}
                      faults={byLine.get(from + at)}
                      disabled={disabled}
                      beside={beside}
                      cost={costs?.[from + at] ?? null}
                      book={book ? (book.get(line.goods.id) ?? '0') : null}
                      onChange={change}
                      onRemove={remove}
                    />
                  ))
              ) : (
                <tr aria-hidden="true">
                  <td colSpan={columns.length} style={{ height: gap }} />
                </tr>
              )}
            </tbody>
          );
        })}
        {!disabled && (
          <tbody>
            <tr data-line={lines.length} className={classes.adding}>
              <td className={classes.place}>{lines.length + 1}</td>
              <td data-column="goods_id">
                <GoodsField
                  key={lines.length}
                  goods={null}
                  label="Добавить товар"
                  placeholder="Название или артикул"
                  disabled={false}
                  error={faults.lines !== undefined}
                  onChoose={add}
                />
              </td>
              <td colSpan={columns.length - 2}>
                {faults.lines === undefined ? (
                  <Text fz="xs" c="dimmed">
                    Enter – к следующему полю, Ctrl+Delete – убрать строку
                  </Text>
                ) : (
                  <Input.Error>{faults.lines}</Input.Error>
                )}
              </td>
            </tr>
          </tbody>
        )}
        {lines.length > 0 && (
          <tfoot>
            <tr>
              <td />
              <td colSpan={columns.length - 1}>
                {counted(lines.length, 'строка', 'строки', 'строк')}
                {kind.priced && (
                  <>
                    {' на сумму '}
                    <b className="tabular">{rubles(totalOf(lines))}</b>
                  </>
                )}
                {costs !== undefined && costs.length > 0 && (
                  <>
                    {kind.counts ? ' · излишки и недостачи вместе ' : ' · себестоимость '}
                    <b className="tabular">{rubles(sumOfAll(costs)).replace(/^-/, '−')}</b>
                  </>
                )}
              </td>
            </tr>
          </tfoot>
        )}
      </table>
      <Text fz="xs" mt={4}>
        {note}
      </Text>
    </div>
  );
}

function sumOfAll(costs: readonly (string | null)[]): string {
  return fromKopecks(costs.reduce((total, cost) => total + kopecks(cost ?? '0'), 0));
}

/** Where arrows up and down have no other meaning. */
const UP_AND_DOWN: ReadonlySet<string> = new Set(['quantity', 'price', 'sum', 'batch']);

function placeOf(target: EventTarget): Place | null {
  if (!(target instanceof HTMLElement)) return null;
  const line = target.closest<HTMLElement>('[data-line]')?.dataset.line;
  const column = target.closest<HTMLElement>('[data-column]')?.dataset.column;
  return line === undefined || column === undefined ? null : { line: Number(line), column };
}

function inputAt(table: HTMLElement, { line, column }: Place): HTMLInputElement | null {
  return table.querySelector(`[data-line="${line}"] [data-column="${column}"] input:not([type="hidden"])`);
}

interface Keys {
  readonly all: readonly string[];
  readonly remove: (index: number) => void;
}

/** Lines have no names of their own: what is half typed in one stays in it when another is taken out. */
function useKeys(length: number): Keys {
  const made = useRef(0);
  const all = useRef<string[]>([]);
  while (all.current.length < length) all.current.push(String((made.current += 1)));
  all.current.length = length;
  const remove = useCallback((index: number) => {
    all.current.splice(index, 1);
  }, []);
  return useMemo(() => ({ all: all.current, remove }), [remove]);
}
