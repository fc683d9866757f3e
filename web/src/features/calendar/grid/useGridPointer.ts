import { type RefObject, useEffect } from 'react';
import type { Visit } from '@/lib/api/model';
import { minuteFrom, minutesBetween } from '@/lib/time';
import type { Column } from '../model/columns';
import { type Geometry, marked, minuteAt, movedTo, resizedTo } from '../model/geometry';
import type { Ghost, GhostStore } from '../model/ghost';

const DRAG_PX = 4;
const TOUCH_SLOP_PX = 10;
const LONG_PRESS_MS = 350;
const EDGE_PX = 48;
const SCROLL_PX = 14;

export interface GridActions {
  open: (visit: Visit) => void;
  /** `dragged`: the length was chosen by hand. */
  create: (column: Column, from: number, to: number, dragged: boolean) => void;
  /** Minutes are of the column's date. */
  move: (visit: Visit, column: Column, from: number, to: number) => void;
  isPending: (visit: Visit) => boolean;
}

interface Situation {
  columns: readonly Column[];
  geometry: Geometry;
  actions: GridActions;
}

interface Gesture {
  pointer: number;
  touch: boolean;
  x: number;
  y: number;
  active: boolean;
  kind: Ghost['kind'];
  /** Key of the column that it began in: colleagues' changes may bring and take others while it lasts. */
  column: string;
  visit: Visit | null;
  block: HTMLElement | null;
  /** create: the marked minute; move: minutes between the visit's start and the grip. */
  anchor: number;
  longPress: number | undefined;
}

/** On the lower edge of a block, which a finger needs broader. */
function atLowerEdge(block: HTMLElement | null, event: PointerEvent): boolean {
  if (block === null || !('resizable' in block.dataset)) return false;
  return block.getBoundingClientRect().bottom - event.clientY <= (event.pointerType === 'touch' ? 14 : 7);
}

/**
 * Mouse, pen and finger on the grid: a click opens or books, dragging moves, resizes or marks free time; a finger drags after a
 * long press and scrolls otherwise. What is held stays under the pointer, whatever scrolls meanwhile. Esc, or a pointer that is
 * lost, puts everything back. All listeners of the pointer sit on the body of the grid.
 */
export function useGridPointer(
  body: RefObject<HTMLElement | null>,
  scroller: RefObject<HTMLElement | null>,
  ghosts: GhostStore,
  situation: RefObject<Situation>,
): void {
  useEffect(() => {
    const grid = body.current;
    const port = scroller.current;
    if (grid === null || port === null) return undefined;
    let gesture: Gesture | null = null;
    let swallowClick = false;
    let last = { x: 0, y: 0 };
    let frame = 0;

    const place = (x: number, y: number) => {
      const { columns, geometry } = situation.current;
      const box = grid.getBoundingClientRect();
      const column = Math.floor(((x - box.left) / box.width) * columns.length);
      return { column: Math.min(Math.max(column, 0), columns.length - 1), minute: minuteAt(geometry, y - box.top) };
    };

    const ghostOf = (now: Gesture): Ghost | null => {
      const { columns, geometry } = situation.current;
      const at = place(last.x, last.y);
      const home = columns.findIndex(({ key }) => key === now.column);
      const column = columns[home];
      if (column === undefined) return null;
      if (now.kind === 'create') {
        const [from, to] = marked(geometry, now.anchor, at.minute);
        return { kind: 'create', column: home, from, to, visit: null };
      }
      if (now.visit === null) return null;
      const start = minuteFrom(column.date, now.visit.starts_at);
      const length = minutesBetween(now.visit.starts_at, now.visit.ends_at);
      if (now.kind === 'resize') {
        const to = resizedTo(geometry, start, start + length, at.minute);
        return { kind: 'resize', column: home, from: start, to, visit: now.visit };
      }
      const [from, to] = movedTo(geometry, start, at.minute - now.anchor, length);
      return { kind: 'move', column: at.column, from, to, visit: now.visit };
    };

    const scrollAtEdges = () => {
      if (gesture?.active !== true) return;
      const box = port.getBoundingClientRect();
      const pull = (at: number, low: number, high: number) =>
        at < low + EDGE_PX ? -SCROLL_PX : at > high - EDGE_PX ? SCROLL_PX : 0;
      const dy = pull(last.y, box.top + 44, box.bottom);
      const dx = gesture.kind === 'move' ? pull(last.x, box.left + 56, box.right) : 0;
      if (dx !== 0 || dy !== 0) port.scrollBy(dx, dy);
      frame = requestAnimationFrame(scrollAtEdges);
    };

    const activate = () => {
      if (gesture === null) return;
      gesture.active = true;
      grid.setPointerCapture(gesture.pointer);
      grid.dataset.dragging = gesture.kind;
      gesture.block?.setAttribute('data-dragged', '');
      ghosts.set(ghostOf(gesture));
      frame = requestAnimationFrame(scrollAtEdges);
    };

    // the click that follows a drag comes at once or never
    const clicksSoon = () => {
      window.setTimeout(() => {
        swallowClick = false;
      });
    };

    const finish = () => {
      if (gesture === null) return;
      const { pointer, active, block, longPress } = gesture;
      gesture = null;
      window.clearTimeout(longPress);
      cancelAnimationFrame(frame);
      block?.removeAttribute('data-dragged');
      delete grid.dataset.dragging;
      if (!active) return;
      // put back by Esc, the button is still down: its release must not click what lies below
      swallowClick = true;
      ghosts.set(null);
      if (grid.hasPointerCapture(pointer)) grid.releasePointerCapture(pointer);
    };

    const down = (event: PointerEvent) => {
      swallowClick = false;
      if (event.button !== 0 || !event.isPrimary || gesture !== null || !(event.target instanceof Element)) return;
      const { columns, actions } = situation.current;
      const element = event.target.closest<HTMLElement>('[data-column]');
      if (element === null) return;
      const column = columns.findIndex(({ key }) => key === element.dataset.column);
      const day = columns[column];
      if (day === undefined) return;
      const block = event.target.closest<HTMLElement>('[data-visit]');
      const visit = block === null ? null : (day.visits.find(({ id }) => id === block.dataset.visit) ?? null);
      if (block !== null && (visit === null || actions.isPending(visit))) return;
      last = { x: event.clientX, y: event.clientY };
      const minute = place(last.x, last.y).minute;
      const touch = event.pointerType === 'touch';
      gesture = {
        pointer: event.pointerId,
        touch,
        ...last,
        active: false,
        kind: visit === null ? 'create' : atLowerEdge(block, event) ? 'resize' : 'move',
        column: day.key,
        visit,
        block,
        anchor: visit === null ? minute : minute - minuteFrom(day.date, visit.starts_at),
        longPress: touch ? window.setTimeout(activate, LONG_PRESS_MS) : undefined,
      };
    };

    const move = (event: PointerEvent) => {
      if (gesture === null || event.pointerId !== gesture.pointer) return;
      if (event.buttons === 0) {
        finish(); // let go of outside, which no event reports
        return;
      }
      last = { x: event.clientX, y: event.clientY };
      const distance = Math.hypot(last.x - gesture.x, last.y - gesture.y);
      if (!gesture.active) {
        if (gesture.touch && distance > TOUCH_SLOP_PX) finish();
        else if (!gesture.touch && distance > DRAG_PX) activate();
        return;
      }
      ghosts.set(ghostOf(gesture));
    };

    /** Whatever scrolled (wheel, edge, keys, the page): the pointer rests, and what it holds comes along. */
    const scrolled = () => {
      if (gesture?.active === true) ghosts.set(ghostOf(gesture));
    };

    const up = (event: PointerEvent) => {
      clicksSoon();
      if (gesture === null || event.pointerId !== gesture.pointer) return;
      last = { x: event.clientX, y: event.clientY };
      const ghost = gesture.active ? ghostOf(gesture) : null;
      finish();
      if (ghost === null) return;
      const { columns, actions } = situation.current;
      const column = columns[ghost.column];
      if (column === undefined) return;
      if (ghost.visit === null) actions.create(column, ghost.from, ghost.to, true);
      else actions.move(ghost.visit, column, ghost.from, ghost.to);
    };

    const cancel = (event: PointerEvent) => {
      if (event.pointerId === gesture?.pointer) finish();
    };

    const click = (event: MouseEvent) => {
      if ((swallowClick && event.detail > 0) || !(event.target instanceof Element)) return;
      const { columns, geometry, actions } = situation.current;
      const element = event.target.closest<HTMLElement>('[data-column]');
      const column = columns.find(({ key }) => key === element?.dataset.column);
      if (column === undefined) return;
      const block = event.target.closest<HTMLElement>('[data-visit]');
      const visit = column.visits.find(({ id }) => id === block?.dataset.visit);
      if (visit !== undefined) {
        actions.open(visit);
      } else if (block === null) {
        const [from, to] = marked(
          geometry,
          place(event.clientX, event.clientY).minute,
          place(event.clientX, event.clientY).minute,
        );
        actions.create(column, from, to, false);
      }
    };

    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && gesture?.active === true) {
        event.preventDefault();
        event.stopPropagation();
        finish();
      }
    };

    // while a finger drags a visit the page must not scroll with it
    const touchMove = (event: TouchEvent) => {
      if (gesture?.active === true) event.preventDefault();
    };
    const menu = (event: Event) => {
      if (gesture?.touch === true) event.preventDefault();
    };

    const listening = new AbortController();
    const { signal } = listening;
    grid.addEventListener('pointerdown', down, { signal });
    grid.addEventListener('pointermove', move, { signal });
    grid.addEventListener('pointerup', up, { signal });
    grid.addEventListener('pointercancel', cancel, { signal });
    grid.addEventListener('lostpointercapture', cancel, { signal });
    grid.addEventListener('click', click, { signal });
    grid.addEventListener('touchmove', touchMove, { passive: false, signal });
    grid.addEventListener('contextmenu', menu, { signal });
    window.addEventListener('keydown', key, { capture: true, signal });
    document.addEventListener('scroll', scrolled, { capture: true, passive: true, signal });
    return () => {
      finish();
      listening.abort();
    };
  }, [body, scroller, ghosts, situation]);
}
