/**
 * Employee × date, of a month (narrow cells) or a week (wide ones). Shows what it is given; choosing cells, the keyboard
 * and the announcements are its own. One cell is in the tab order; arrows move, Shift stretches, Ctrl+A / Shift+Space /
 * Ctrl+Space choose everything / the row / the column, Enter opens the cell, F2 its hours.
 */
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import { usePrinting } from '@/lib/printing';
import type { DateKey } from '../model/dates';
import type { GridRow } from '../model/gridCells';
import * as select from '../model/selection';
import type { Place, Selection } from '../model/selection';
import { DateHead } from './DateHead';
import { GridLine } from './GridLine';
import classes from './ScheduleGrid.module.css';
import { useGridGestures } from './useGridGestures';

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

export function ScheduleGrid(props: ScheduleGridProps): ReactNode {
  const { rows, dates, today, choosing, selection, onSelect, onOpen, onHours, onWeek } = props;
  const size = useMemo(() => ({ rows: rows.length, columns: dates.length }), [rows.length, dates.length]);
  const wide = dates.length <= 7;
  const table = useRef<HTMLTableElement>(null);
  const chosen = useMemo(() => (choosing ? select.chosen(selection) : new Set<string>()), [choosing, selection]);
  const many = chosen.size > 1;
  const { choose, handlers } = useGridGestures({ table, size, choosing, many, selection, onSelect, onOpen, onHours });

  // the row that a link points out comes into view
  const pointedOut = rows.find((row) => row.marked)?.id;
  useEffect(() => {
    if (pointedOut !== undefined) table.current?.querySelector('[data-marked]')?.scrollIntoView({ block: 'center' });
  }, [pointedOut]);

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
        {...handlers}
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
              <DateHead
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
