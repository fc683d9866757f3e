/** Visits of one column side by side where they overlap. */

export interface Placed {
  id: string;
  /** Minutes from the column's midnight. */
  from: number;
  to: number;
  /** Takes the doctor's time; the others (cancelled, no-show) stand in narrow lanes at the right, beside the time they freed. */
  occupies: boolean;
}

/** Shares of the column's width, 0…1. */
export interface Lane {
  left: number;
  width: number;
}

/** Of a lane's width; all narrow lanes together at most this of one. */
const NARROW = 0.4;
const ALL_NARROW = 0.7;

/** `shortest`: minutes that a block takes on screen at least, so that short visits don't cover each other. */
export function layout(visits: readonly Placed[], shortest: number): Map<string, Lane> {
  const lanes = new Map<string, Lane>();
  const sorted = visits
    .map((visit) => ({ ...visit, to: Math.max(visit.to, visit.from + shortest) }))
    .sort((one, other) => one.from - other.from || other.to - one.to || (one.id < other.id ? -1 : 1));
  let cluster: Placed[] = [];
  let end = -Infinity;
  for (const visit of sorted) {
    if (visit.from >= end) {
      place(cluster, lanes);
      cluster = [];
    }
    cluster.push(visit);
    end = Math.max(end, visit.to);
  }
  place(cluster, lanes);
  return lanes;
}

/** Visits that hang together: each into the first free lane, then widened over lanes that stay free beside it. */
function place(cluster: readonly Placed[], lanes: Map<string, Lane>): void {
  const taken: Placed[][] = [];
  const laneOf = new Map<string, number>();
  const settle = (visit: Placed, first: number) => {
    let lane = first;
    while (taken[lane]?.some((other) => overlap(other, visit)) ?? false) lane += 1;
    (taken[lane] ??= []).push(visit);
    laneOf.set(visit.id, lane);
  };
  const busy = cluster.filter((visit) => visit.occupies);
  const others = cluster.filter((visit) => !visit.occupies);
  busy.forEach((visit) => settle(visit, 0));
  // what was freed stays free, also where nothing else stands: it can be booked by a click
  const wide = others.length === 0 ? taken.length : Math.max(1, taken.length);
  others.forEach((visit) => settle(visit, wide));

  const narrow = Math.min(NARROW, ALL_NARROW / (taken.length - wide));
  const weights = Array.from(taken, (_, lane) => (lane < wide ? 1 : narrow));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const edges = weights.reduce<number[]>((all, weight) => [...all, (all.at(-1) ?? 0) + weight / sum], [0]);
  for (const visit of cluster) {
    const lane = laneOf.get(visit.id) ?? 0;
    let last = lane;
    while (last + 1 < taken.length && !(taken[last + 1]?.some((other) => overlap(other, visit)) ?? false)) last += 1;
    const left = edges[lane] ?? 0;
    lanes.set(visit.id, { left, width: (edges[last + 1] ?? 1) - left });
  }
}

function overlap(one: Placed, other: Placed): boolean {
  return one.from < other.to && other.from < one.to;
}
