import { type RefObject, useEffect } from 'react';
import { STATUSES } from '@/components/visit/status';
import type { Visit } from '@/lib/api/model';
import { filled, sayPhone } from '@/lib/text';
import { sayTime } from '@/lib/time';
import type { Column } from './columns';

/** A block that is pointed at tells the whole of its visit; written only then, since hundreds of titles take long to draw. */
export function useVisitTitles(
  body: RefObject<HTMLElement | null>,
  situation: RefObject<{ columns: readonly Column[] }>,
): void {
  useEffect(() => {
    const grid = body.current;
    if (grid === null) return undefined;
    const point = (event: PointerEvent) => {
      const block = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-visit]') : null;
      if (block === null) return;
      for (const { visits } of situation.current.columns) {
        const visit = visits.find(({ id }) => id === block.dataset.visit);
        if (visit !== undefined) block.title = titleOf(visit);
      }
    };
    grid.addEventListener('pointerover', point);
    return () => grid.removeEventListener('pointerover', point);
  }, [body, situation]);
}

function titleOf(visit: Visit): string {
  return filled([
    `${sayTime(visit.starts_at)}–${sayTime(visit.ends_at)} ${visit.patient.name} · ${STATUSES[visit.status].label}`,
    visit.first_visit ? 'Первичный' : '',
    sayPhone(visit.patient.phone),
    visit.lines.map(({ name }) => name).join(', '),
    visit.room === '' ? '' : `Кабинет ${visit.room}`,
    visit.comment,
  ]).join('\n');
}
