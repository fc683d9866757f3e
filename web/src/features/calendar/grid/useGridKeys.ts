import { type RefObject, useEffect } from 'react';
import type { Visit } from '@/lib/api/model';
import { minuteFrom, minutesBetween } from '@/lib/time';
import type { Column } from '../model/columns';
import type { Geometry } from '../model/geometry';
import { type Direction, neighbour, shifted } from '../model/gridKeys';
import { formatMinute } from './GhostBlock';
import { type Ghost, type GhostStore, hindrance } from '../model/ghost';
import type { GridActions } from './useGridPointer';

interface Situation {
  columns: readonly Column[];
  geometry: Geometry;
  actions: GridActions;
  oneAtOnce: boolean;
}

const ARROWS: Record<string, Direction> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

/**
 * Keys on the grid. Arrows go from visit to visit, Enter opens, Alt+arrows carry the visit (Shift: its end) and let go of it when
 * Alt is released, Esc puts it back. Where a visit is being carried is announced.
 */
export function useGridKeys(
  body: RefObject<HTMLElement | null>,
  ghosts: GhostStore,
  situation: RefObject<Situation>,
  announce: (text: string) => void,
): void {
  useEffect(() => {
    const grid = body.current;
    if (grid === null) return undefined;
    let carrying = false;

    const focused = () => {
      const block = document.activeElement;
      if (!(block instanceof HTMLElement) || block.dataset.visit === undefined || !grid.contains(block)) return null;
      const { columns } = situation.current;
      const key = block.closest<HTMLElement>('[data-column]')?.dataset.column;
      const at = columns.findIndex((column) => column.key === key);
      const visit = columns[at]?.visits.find(({ id }) => id === block.dataset.visit);
      return visit === undefined ? null : { at, visit, block };
    };

    const focusVisit = (column: number, visit: Visit) => {
      const key = situation.current.columns[column]?.key ?? '';
      const block = grid.querySelector<HTMLElement>(
        `[data-column="${CSS.escape(key)}"] [data-visit="${CSS.escape(visit.id)}"]`,
      );
      block?.focus();
      block?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    };

    const putBack = () => {
      carrying = false;
      ghosts.set(null);
    };

    const letGo = () => {
      const ghost = ghosts.get();
      const { columns, actions } = situation.current;
      putBack();
      const column = ghost === null ? undefined : columns[ghost.column];
      if (ghost?.visit && column !== undefined) actions.move(ghost.visit, column, ghost.from, ghost.to);
    };

    const down = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && carrying) {
        putBack();
        announce('Визит возвращён на место');
        return;
      }
      const direction = ARROWS[event.key];
      const here = focused();
      if (direction === undefined || here === null || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const { columns, geometry, actions, oneAtOnce } = situation.current;
      if (!event.altKey) {
        const next = neighbour(columns, here.at, here.visit, direction);
        if (next !== null) focusVisit(next.column, next.visit);
        return;
      }
      if (actions.isPending(here.visit)) return;
      const start = minuteFrom(columns[here.at]?.date ?? '', here.visit.starts_at);
      const resting: Ghost = {
        kind: 'move',
        column: here.at,
        from: start,
        to: start + minutesBetween(here.visit.starts_at, here.visit.ends_at),
        visit: here.visit,
        byKeys: true,
      };
      const ghost = shifted(
        carrying ? (ghosts.get() ?? resting) : resting,
        direction,
        event.shiftKey,
        columns,
        geometry,
      );
      carrying = true;
      ghosts.set(ghost);
      const column = columns[ghost.column];
      const reason = column === undefined ? null : hindrance(ghost, column, oneAtOnce);
      announce(
        `${formatMinute(ghost.from)}–${formatMinute(ghost.to)}, ${column?.name ?? ''}${reason === null ? '' : `, ${reason}`}. Отпустите Alt, чтобы перенести`,
      );
    };

    const up = (event: KeyboardEvent) => {
      if (event.key === 'Alt' && carrying) {
        event.preventDefault();
        letGo();
      }
    };

    const leave = () => {
      if (carrying) putBack();
    };

    // one visit at a time is in the tab order; the arrows reach the others
    const enter = (event: FocusEvent) => {
      if (!(event.target instanceof HTMLElement) || event.target.dataset.visit === undefined) return;
      grid.querySelectorAll<HTMLElement>('[data-visit][tabindex="0"]').forEach((block) => {
        block.tabIndex = -1;
      });
      event.target.tabIndex = 0;
    };

    const listening = new AbortController();
    const { signal } = listening;
    grid.addEventListener('keydown', down, { signal });
    grid.addEventListener('keyup', up, { signal });
    grid.addEventListener('focusin', enter, { signal });
    grid.addEventListener('focusout', leave, { signal });
    return () => {
      listening.abort();
    };
  }, [body, ghosts, situation, announce]);

  // after each drawing some visit can be reached by Tab
  useEffect(() => {
    const grid = body.current;
    if (grid === null || grid.querySelector('[data-visit][tabindex="0"]') !== null) return;
    const first = grid.querySelector<HTMLElement>('[data-visit]');
    if (first !== null) first.tabIndex = 0;
  });
}
