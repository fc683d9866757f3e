/**
 * Chosen cells of the grid by row and column numbers: one rectangle being stretched from its anchor to the focus, and
 * the cells chosen before it (Ctrl adds).
 */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface Selection {
  readonly anchor: Place;
  readonly focus: Place;
  /** Cells chosen before, as "row:column". */
  readonly earlier: ReadonlySet<string>;
}

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

export const START: Selection = { anchor: { row: 0, column: 0 }, focus: { row: 0, column: 0 }, earlier: new Set() };

export function placeKey({ row, column }: Place): string {
  return `${String(row)}:${String(column)}`;
}

export function at(place: Place): Selection {
  return { anchor: place, focus: place, earlier: new Set() };
}

export function stretched(selection: Selection, focus: Place): Selection {
  return { ...selection, focus };
}

/** A new rectangle beside what is chosen already. */
export function added(selection: Selection, place: Place): Selection {
  return { anchor: place, focus: place, earlier: chosen(selection) };
}

export function chosenRow(row: number, size: Size): Selection {
  return { anchor: { row, column: 0 }, focus: { row, column: size.columns - 1 }, earlier: new Set() };
}

export function chosenColumn(column: number, size: Size): Selection {
  return { anchor: { row: 0, column }, focus: { row: size.rows - 1, column }, earlier: new Set() };
}

export function everything(size: Size): Selection {
  return { anchor: { row: 0, column: 0 }, focus: { row: size.rows - 1, column: size.columns - 1 }, earlier: new Set() };
}

export function chosen({ anchor, focus, earlier }: Selection): Set<string> {
  const cells = new Set(earlier);
  for (let row = Math.min(anchor.row, focus.row); row <= Math.max(anchor.row, focus.row); row += 1) {
    for (
      let column = Math.min(anchor.column, focus.column);
      column <= Math.max(anchor.column, focus.column);
      column += 1
    ) {
      cells.add(placeKey({ row, column }));
    }
  }
  return cells;
}

/** Columns of a row that are chosen, as ["3", "4"…] joined: cheap to compare, so that untouched rows aren't painted. */
export function chosenInRow(cells: ReadonlySet<string>, row: number, columns: number): string {
  let marks = '';
  for (let column = 0; column < columns; column += 1)
    if (cells.has(placeKey({ row, column }))) marks += `${String(column)},`;
  return marks;
}

function within(place: Place, size: Size): Place {
  return {
    row: Math.max(0, Math.min(size.rows - 1, place.row)),
    column: Math.max(0, Math.min(size.columns - 1, place.column)),
  };
}

/** Where a key leads from here, or null when the key isn't one of movement. */
export function movedBy(key: string, ctrl: boolean, from: Place, size: Size): Place | null {
  switch (key) {
    case 'ArrowLeft':
      return within({ ...from, column: ctrl ? 0 : from.column - 1 }, size);
    case 'ArrowRight':
      return within({ ...from, column: ctrl ? size.columns - 1 : from.column + 1 }, size);
    case 'ArrowUp':
      return within({ ...from, row: ctrl ? 0 : from.row - 1 }, size);
    case 'ArrowDown':
      return within({ ...from, row: ctrl ? size.rows - 1 : from.row + 1 }, size);
    case 'Home':
      return within(ctrl ? { row: 0, column: 0 } : { ...from, column: 0 }, size);
    case 'End':
      return within(
        ctrl ? { row: size.rows - 1, column: size.columns - 1 } : { ...from, column: size.columns - 1 },
        size,
      );
    case 'PageUp':
      return within({ ...from, row: from.row - 10 }, size);
    case 'PageDown':
      return within({ ...from, row: from.row + 10 }, size);
    default:
      return null;
  }
}
