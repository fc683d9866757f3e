import { IconCalendarWeek, IconClock } from '@tabler/icons-react';
import { memo, useMemo, type ReactNode } from 'react';
import { shortName } from '@/lib/text';
import { weekdayOf, writeLongDate, type DateKey } from '../model/dates';
import type { GridRow } from '../model/gridCells';
import * as select from '../model/selection';
import type { Selection } from '../model/selection';
import { CellFace } from './CellFace';
import classes from './ScheduleGrid.module.css';

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

/** An employee's row; drawn again only when its own cells, choice or focus change. */
export const GridLine = memo(function GridLine(props: GridLineProps): ReactNode {
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
              <CellFace state={cell} wide={wide} />
              {cell.other && (
                <span className={classes.other} data-tone={cell.other.tone}>
                  <CellFace state={cell.other} wide={wide} />
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
