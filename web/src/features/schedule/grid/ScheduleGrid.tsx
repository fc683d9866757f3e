/**
 * Employee × date, of a month (narrow cells) or a week (wide ones). Shows what it is given; choosing cells, the keyboard
 * and the announcements are its own. One cell is in the tab order; arrows move, Shift stretches, Ctrl+A / Shift+Space /
 * Ctrl+Space choose everything / the row / the column, Enter opens the cell, F2 its hours.
 */
import { IconCalendarWeek, IconClock } from '@tabler/icons-react';
import {
  memo,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { usePrinting } from '@/lib/printing';
import { shortName } from '@/lib/text';
import { weekdayOf, writeLongDate, type DateKey } from '../model/dates';
import { shortTime, WEEKDAYS_SHORT, type Hours } from '../model/hours';
import * as select from '../model/selection';
import type { Place, Selection } from '../model/selection';
import classes from './ScheduleGrid.module.css';

type Tone = 'work' | 'off' | 'vacation' | 'sick';

export interface CellState {
  readonly tone: Tone;
  readonly hours: Hours;
}

export interface GridCell extends CellState {
  /** What a screen reader says after the name and the date. */
  readonly label: string;
  readonly own?: boolean;
  readonly pending?: boolean;
  /** A red frame: visits stand in the way. */
  readonly frame?: boolean;
  /** The other side of a comparison, shown below. */
  readonly other?: CellState | null;
  /** Left blank: nothing of interest in this view. */
  readonly blank?: boolean;
}

export interface GridRow {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly cells: readonly GridCell[];
  readonly struck?: boolean;
  readonly grey?: boolean;
  readonly marked?: boolean;
}

interface ScheduleGridProps {
  readonly label: string;
  readonly rows: readonly GridRow[];
  readonly dates: readonly DateKey[];
  readonly today: DateKey;
  /** Several cells can be chosen; else a click just opens. */
  readonly choosing: boolean;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  readonly onOpen: (place: Place) => void;
  readonly onHours?: (place: Place) => void;
  readonly onWeek?: (row: number) => void;
}

const CODES: Readonly<Record<Tone, string>> = { work: '', off: 'В', vacation: 'ОТ', sick: 'Б' };
const WORDS: Readonly<Record<Tone, string>> = {
  work: '',
  off: 'выходной',
  vacation: 'отпуск',
  sick: 'больничный',
};

function placeOf(target: EventTarget): Place | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-place]') : null;
  const [row, column] = (cell?.dataset.place ?? '').split(':').map(Number);
  return row === undefined || column === undefined || Number.isNaN(row) ? null : { row, column };
}

export function ScheduleGrid(props: ScheduleGridProps): ReactNode {
  const { rows, dates, today, choosing, selection, onSelect, onOpen, onHours, onWeek } = props;
  const size = useMemo(() => ({ rows: rows.length, columns: dates.length }), [rows.length, dates.length]);
  const wide = dates.length <= 7;
  const table = useRef<HTMLTableElement>(null);
  const drag = useRef<{ from: Place; moved: boolean } | null>(null);
  const current = useRef(selection);
  const moving = useRef(false);

  useEffect(() => {
    current.current = selection;
    if (!moving.current) return;
    moving.current = false;
    table.current?.querySelector<HTMLElement>(`[data-place="${select.placeKey(selection.focus)}"]`)?.focus();
  }, [selection]);

  // the row that a link points out comes into view
  const pointedOut = rows.find((row) => row.marked)?.id;
  useEffect(() => {
    if (pointedOut !== undefined) table.current?.querySelector('[data-marked]')?.scrollIntoView({ block: 'center' });
  }, [pointedOut]);

  const chosen = useMemo(() => (choosing ? select.chosen(selection) : new Set<string>()), [choosing, selection]);
  const many = chosen.size > 1;

  const choose = useCallback(
    (next: Selection, focus: boolean) => {
      moving.current = focus;
      current.current = next;
      onSelect(next);
    },
    [onSelect],
  );

  function handleKey(event: KeyboardEvent<HTMLTableElement>): void {
    const from = placeOf(event.target);
    if (!from || (event.target as HTMLElement).dataset.place === undefined) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const to = select.movedBy(event.key, ctrl, from, size);
    if (to) choose(event.shiftKey && choosing ? select.stretched(selection, to) : select.at(to), true);
    else if (event.key === 'Enter') onOpen(from);
    else if (event.key === 'F2' && onHours) onHours(from);
    else if (event.key === ' ' && choosing && event.shiftKey) choose(select.chosenRow(from.row, size), false);
    else if (event.key === ' ' && choosing && ctrl) choose(select.chosenColumn(from.column, size), false);
    else if (event.key === ' ') onOpen(from);
    else if (ctrl && event.code === 'KeyA' && choosing) choose(select.everything(size), false);
    else if (event.key === 'Escape' && many) choose(select.at(from), false);
    else return;
    event.preventDefault();
  }

  function handleDown(event: PointerEvent<HTMLTableElement>): void {
    const place = placeOf(event.target);
    if (!place || event.button !== 0) return;
    drag.current = { from: place, moved: false };
    if (!choosing || event.pointerType === 'touch') return;
    if (event.shiftKey) choose(select.stretched(selection, place), true);
    else if (event.ctrlKey || event.metaKey) choose(select.added(selection, place), true);
    else choose(select.at(place), true);
  }

  function handleMove(event: PointerEvent<HTMLTableElement>): void {
    if (!drag.current || !choosing || event.pointerType === 'touch' || event.buttons !== 1) return;
    const place = placeOf(event.target);
    const { focus } = current.current;
    if (!place || (place.row === focus.row && place.column === focus.column)) return;
    drag.current.moved = true;
    choose(select.stretched(current.current, place), true);
  }

  function handleUp(event: PointerEvent<HTMLTableElement>): void {
    const began = drag.current;
    drag.current = null;
    const place = placeOf(event.target);
    if (!began || !place || began.moved || event.shiftKey || event.ctrlKey || event.metaKey) return;
    if (place.row !== began.from.row || place.column !== began.from.column) return;
    if (!choosing || event.pointerType === 'touch') choose(select.at(place), true);
    if (onHours && (event.target as Element).closest('[data-clock]')) onHours(place);
    else onOpen(place);
  }

  const onPaper = usePrinting(); // a button's text isn't repeated on the sheets that follow
  return (
    <div className={classes.frame}>
      <table
        ref={table}
        role="grid"
        aria-label={props.label}
        aria-multiselectable={choosing}
        aria-rowcount={rows.length + 1}
        aria-colcount={dates.length + 1}
        className={`${classes.table ?? ''} ${wide ? (classes.wide ?? '') : ''}`}
        style={{ minWidth: wide ? 760 : 150 + dates.length * 25 }}
        onKeyDown={handleKey}
        onPointerDown={handleDown}
        onPointerMove={handleMove}
        onPointerUp={handleUp}
      >
        <colgroup>
          <col className={classes.names} />
          {dates.map((date) => (
            <col key={date} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              Сотрудник
            </th>
            {dates.map((date, column) => (
              <ColumnHead
                key={date}
                date={date}
                today={date === today}
                onChoose={
                  choosing && !onPaper
                    ? () => {
                        choose(select.chosenColumn(column, size), false);
                      }
                    : null
                }
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <GridLine
              key={row.id}
              row={row}
              index={index}
              dates={dates}
              wide={wide}
              focused={selection.focus.row === index ? selection.focus.column : -1}
              marks={choosing && many ? select.chosenInRow(chosen, index, dates.length) : ''}
              choosing={choosing}
              onChoose={choose}
              editable={onHours !== undefined}
              onWeek={onWeek}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ColumnHead({
  date,
  today,
  onChoose,
}: {
  date: DateKey;
  today: boolean;
  onChoose: (() => void) | null;
}): ReactNode {
  const weekday = weekdayOf(date);
  const face = (
    <>
      <span className={classes.weekday}>{WEEKDAYS_SHORT[weekday]}</span>
      <span className={classes.dayNumber}>{Number(date.slice(8))}</span>
    </>
  );
  return (
    <th
      scope="col"
      className={classes.columnHead}
      data-weekend={weekday > 4 || undefined}
      data-today={today || undefined}
      aria-current={today ? 'date' : undefined}
    >
      {onChoose ? (
        <button type="button" tabIndex={-1} title={`Выбрать столбец: ${writeLongDate(date)}`} onClick={onChoose}>
          {face}
        </button>
      ) : (
        <div style={{ padding: '4px 0' }}>{face}</div>
      )}
    </th>
  );
}

interface GridLineProps {
  readonly row: GridRow;
  readonly index: number;
  readonly dates: readonly DateKey[];
  readonly wide: boolean;
  readonly focused: number;
  readonly marks: string;
  readonly choosing: boolean;
  readonly onChoose: (selection: Selection, focus: boolean) => void;
  readonly editable: boolean;
  readonly onWeek: ((row: number) => void) | undefined;
}

const GridLine = memo(function GridLine(props: GridLineProps): ReactNode {
  const { row, index, dates, wide, focused, choosing, onChoose, editable, onWeek } = props;
  const marks = useMemo(() => new Set(props.marks.split(',').filter(Boolean).map(Number)), [props.marks]);
  const size = { rows: 0, columns: dates.length };
  const text = (
    <>
      <span className={classes.person} title={row.name}>
        {wide ? row.name : shortName(row.name)}
      </span>
      {row.note && (
        <span className={classes.position} title={row.note}>
          {row.note}
        </span>
      )}
    </>
  );
  return (
    <tr
      className={classes.row}
      data-struck={row.struck || undefined}
      data-grey={row.grey || undefined}
      data-marked={row.marked || undefined}
      data-first={index === 0 || undefined}
    >
      <th scope="row" className={classes.name}>
        <div className={classes.nameLine}>
          {choosing && index > 0 ? (
            <button
              type="button"
              tabIndex={-1}
              className={classes.nameText}
              title={`Выбрать строку: ${row.name}`}
              onClick={() => {
                onChoose(select.chosenRow(index, size), false);
              }}
            >
              {text}
            </button>
          ) : (
            <div className={classes.nameText}>{text}</div>
          )}
          {onWeek && (
            <button
              type="button"
              tabIndex={-1}
              className={classes.weekButton}
              title="Недельный график"
              aria-label={`Недельный график: ${row.name}`}
              onClick={() => {
                onWeek(index);
              }}
            >
              <IconCalendarWeek size={17} stroke={1.6} />
            </button>
          )}
        </div>
      </th>
      {row.cells.map((cell, column) => (
        <td
          key={dates[column]}
          role="gridcell"
          className={classes.cell}
          data-place={select.placeKey({ row: index, column })}
          data-tone={cell.blank ? 'off' : cell.tone}
          data-weekend={weekdayOf(dates[column] ?? '') > 4 || undefined}
          data-pending={cell.pending || undefined}
          data-frame={cell.frame || undefined}
          data-compared={(cell.other && !cell.blank) || undefined}
          tabIndex={focused === column ? 0 : -1}
          aria-selected={choosing ? marks.has(column) : undefined}
          title={cell.label}
        >
          <span className={classes.spoken}>
            {row.name}, {writeLongDate(dates[column] ?? '')}: {cell.label}
          </span>
          {!cell.blank && (
            <span aria-hidden>
              <Face state={cell} wide={wide} />
              {cell.other && (
                <span className={classes.other} data-tone={cell.other.tone}>
                  <Face state={cell.other} wide={wide} />
                </span>
              )}
              {cell.own && <span className={classes.own} />}
            </span>
          )}
          {editable && index > 0 && (
            <span className={classes.clock} data-clock aria-hidden title="Часы этого дня">
              <IconClock size={wide ? 15 : 12} stroke={1.8} />
            </span>
          )}
        </td>
      ))}
    </tr>
  );
});

function Face({ state, wide }: { state: CellState; wide: boolean }): ReactNode {
  const { tone, hours } = state;
  const first = hours[0];
  const last = hours.at(-1);
  if (tone !== 'work' || !first || !last) return wide ? WORDS[tone] : CODES[tone];
  if (wide) {
    return (
      <span className={classes.times}>
        {hours.map(([from, to]) => (
          <span key={from}>
            {from}–{to}
          </span>
        ))}
      </span>
    );
  }
  return (
    <span className={classes.times}>
      <ShortTime time={first[0]} />
      {hours.length > 1 && <span className={classes.several} />}
      <ShortTime time={last[1]} />
    </span>
  );
}

/** «9», «20³⁰»: minutes raised, so that a month stays readable. */
function ShortTime({ time }: { time: string }): ReactNode {
  const [hours, minutes] = shortTime(time).split(':');
  return (
    <span>
      {hours}
      {minutes !== undefined && <sup className={classes.minutes}>{minutes}</sup>}
    </span>
  );
}
