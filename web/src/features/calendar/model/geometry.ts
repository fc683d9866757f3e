/** How minutes become pixels. */
export interface Geometry {
  /** First and last minute of the day that are drawn. */
  from: number;
  to: number;
  /** Minutes of one line of the grid; moves and bookings snap to it. */
  step: number;
  perMinute: number;
}

export const STEPS = [5, 10, 15, 20, 30, 60] as const;

const LINE_HEIGHT: Record<number, number> = { 5: 15, 10: 20, 15: 22, 20: 24, 30: 30, 60: 46 };

export function geometryOf(from: number, to: number, step: number): Geometry {
  return { from, to, step, perMinute: (LINE_HEIGHT[step] ?? 24) / step };
}

export function top(geometry: Geometry, minute: number): number {
  return (minute - geometry.from) * geometry.perMinute;
}

export function height(geometry: Geometry): number {
  return (geometry.to - geometry.from) * geometry.perMinute;
}

export function minuteAt(geometry: Geometry, y: number): number {
  return geometry.from + y / geometry.perMinute;
}

function snap(minute: number, step: number): number {
  return Math.round(minute / step) * step;
}

/** Where something that stands at `rest` is dragged to: a line of the grid, or back to where it stood, also between the lines. */
function dropped(rest: number, target: number, step: number): number {
  return Math.abs(target - rest) < step / 2 ? rest : snap(target, step);
}

/** A visit moved from `rest`: its start on the grid's lines, its length kept, at least one line of it on screen. */
export function movedTo(geometry: Geometry, rest: number, target: number, length: number): [from: number, to: number] {
  const { step } = geometry;
  const from = Math.min(Math.max(dropped(rest, target, step), geometry.from - length + step), geometry.to - step);
  return [from, from + length];
}

/** A visit whose lower edge is dragged from `rest`: never shorter than a line of the grid (or 5 minutes for finer ones). */
export function resizedTo(geometry: Geometry, from: number, rest: number, target: number): number {
  const { step } = geometry;
  return Math.max(dropped(rest, target, step), from + Math.min(step, 5));
}

/** Free time marked by dragging from one point to another, in whole lines. */
export function marked(geometry: Geometry, anchor: number, at: number): [from: number, to: number] {
  const { step } = geometry;
  const line = (minute: number) => Math.floor(minute / step) * step;
  const from = Math.max(geometry.from, Math.min(line(anchor), line(at)));
  const to = Math.min(geometry.to, Math.max(line(anchor), line(at)) + step);
  return [from, to];
}
