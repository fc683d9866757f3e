/** What the grid is given to show: rows of cells, each ready to be drawn. */
import type { DayKind } from './dayKinds';
import type { Hours } from './hours';

export interface CellState {
  readonly tone: DayKind;
  readonly hours: Hours;
}

export interface GridCell extends CellState {
  /** What a screen reader says after the name and the date. */
  readonly label: string;
  readonly own?: boolean;
  readonly pending?: boolean;
  /** A red frame: a conflict. */
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
