import { type CSSProperties, memo } from 'react';
import { STATUSES } from '@/entities/visit/status';
import type { Visit } from '@/lib/api/model';
import { filled, formatPhone } from '@/lib/text';
import { formatTime } from '@/lib/time';
import classes from './VisitBlock.module.css';

interface VisitBlockProps {
  visit: Visit;
  top: number;
  height: number;
  /** Shares of the column's width. */
  left: number;
  width: number;
  /** The visit ends on this day, so that its lower edge can be dragged. */
  resizable: boolean;
  /** A change of it is on its way to the server. */
  pending: boolean;
}

/**
 * One visit in the grid. Hundreds are drawn at once, so it is made of as little as can be: no handlers of its own (the grid
 * listens), one card for whichever is pointed at, colours and icon by its status in the style sheet, the edge to drag as a
 * pseudo-element.
 */
export const VisitBlock = memo(function VisitBlock(props: VisitBlockProps) {
  const { visit, top, height, left, width, resizable, pending } = props;
  const services = visit.lines.map(({ name }) => name).join(', ');
  const phone = visit.patient.phone === '' ? '' : formatPhone(visit.patient.phone);
  const lines = height < 34 ? 1 : Math.floor((height - 4) / 16);
  const times = `${formatTime(visit.starts_at)}–${formatTime(visit.ends_at)}`;
  const style: CSSProperties = { top, height };
  if (width < 1) {
    style.left = `calc(${left * 100}% + 2px)`;
    style.width = `calc(${width * 100}% - 4px)`;
  }
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.visit}
      data-visit={visit.id}
      data-status={visit.status}
      data-pending={pending || undefined}
      data-resizable={resizable || undefined}
      aria-label={labelOf(visit, times, services, phone)}
      style={style}
    >
      <span className={classes.head}>
        {visit.first_visit && <span className={classes.first} />}
        {visit.comment !== '' && <span className={classes.comment} />}
        {visit.patient.name}
        {lines === 1 && <span className={classes.time}> {times}</span>}
      </span>
      {/* the leading spaces keep the texts apart for readers that run them together */}
      {lines > 1 && <span className={classes.detail}>{lines > 2 ? ` ${times}` : ` ${times} ${services}`}</span>}
      {lines > 2 && <span className={classes.detail}>{` ${services}`}</span>}
      {lines > 3 && phone !== '' && <span className={classes.detail}>{` ${phone}`}</span>}
      {lines > 4 && visit.comment !== '' && <span className={classes.detail}>{` ${visit.comment}`}</span>}
    </button>
  );
});

/** What is read out: the visible texts in their order, then what the eye sees by colour and marks. */
function labelOf(visit: Visit, times: string, services: string, phone: string): string {
  const visible = filled([visit.patient.name, times, services, phone, visit.comment]).join(' ');
  const marks = filled([STATUSES[visit.status].label.toLowerCase(), visit.first_visit ? 'первичный' : '']).join(', ');
  return `${visible}, ${marks}`;
}
