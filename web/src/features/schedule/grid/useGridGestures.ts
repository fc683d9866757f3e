/** Keyboard and pointer over the grid: which cells are chosen, and what is opened. */
import { type KeyboardEvent, type PointerEvent, type RefObject, useCallback, useEffect, useRef } from 'react';
import * as select from '../model/selection';
import type { Place, Selection, Size } from '../model/selection';

interface Gestures {
  readonly table: RefObject<HTMLTableElement | null>;
  readonly size: Size;
  readonly choosing: boolean;
  /** More than one cell is chosen. */
  readonly many: boolean;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  readonly onOpen: (place: Place) => void;
  readonly onHours: ((place: Place) => void) | undefined;
}

function placeOf(target: EventTarget): Place | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-place]') : null;
  const [row, column] = (cell?.dataset.place ?? '').split(':').map(Number);
  return row === undefined || column === undefined || Number.isNaN(row) ? null : { row, column };
}

/** `choose` sets the selection, and moves the focus with it where asked; `handlers` belong on the table. */
export function useGridGestures({ table, size, choosing, many, selection, onSelect, onOpen, onHours }: Gestures) {
  const drag = useRef<{ from: Place; moved: boolean } | null>(null);
  const current = useRef(selection);
  const moving = useRef(false);

  useEffect(() => {
    current.current = selection;
    if (!moving.current) return;
    moving.current = false;
    table.current?.querySelector<HTMLElement>(`[data-place="${select.placeKey(selection.focus)}"]`)?.focus();
  }, [selection, table]);

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

  return {
    choose,
    handlers: { onKeyDown: handleKey, onPointerDown: handleDown, onPointerMove: handleMove, onPointerUp: handleUp },
  };
}
