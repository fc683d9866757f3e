/* eslint denta/no-pc-clock: off -- the one place that looks at the PC's clock */
/**
 * The present by the server's clock. A PC's clock may be wrong by an hour or by days, so nothing but this file asks it (a lint rule
 * sees to that): each answer of the API carries the server's time, and from the best measurement on the page counts by itself.
 */

interface Measurement {
  /** The server's instant (ms of the epoch) … */
  instant: number;
  /** … at this moment of the page's own count. */
  at: number;
  /** By how much it may be off: half of the time that the answer took. */
  within: number;
}

/** How far the page's own count may go astray, as a share of the time gone by. */
const DRIFT = 0.001;

let measured: Measurement | null = null;

/** The instant now. */
export function serverTime(): Date {
  if (measured === null) return new Date();
  return new Date(measured.instant + (performance.now() - measured.at));
}

/**
 * Takes the server's time from an answer: `header` as its header says it, sent and received at these moments of `performance.now()`.
 * Of two measurements that agree the finer one stays; one that contradicts is newer knowledge: the page's count stood still while
 * the machine slept, or the server's clock was set.
 */
export function measure(header: string | null, sent: number, received: number): void {
  const instant = header === null ? NaN : Date.parse(header);
  if (Number.isNaN(instant)) return;
  const next = { instant, at: (sent + received) / 2, within: (received - sent) / 2 + 1 };
  if (measured !== null) {
    const age = next.at - measured.at;
    const apart = Math.abs(next.instant - measured.instant - age);
    const within = measured.within + Math.abs(age) * DRIFT;
    if (apart <= within + next.within && within < next.within) return;
  }
  measured = next;
}

/** Milliseconds that this PC's clock is ahead of the server's; negative when behind, null before the server's is known. */
export function pcClockAhead(): number | null {
  return measured === null ? null : Date.now() - serverTime().getTime();
}

let pcAt = Date.now();
let countAt = performance.now();

/** By how much the PC's clock went on beyond the page's own count since the last call: the machine slept, or the clock was set. */
export function pcClockJump(): number {
  const [pc, count] = [Date.now(), performance.now()];
  const jump = pc - pcAt - (count - countAt);
  pcAt = pc;
  countAt = count;
  return Math.abs(jump);
}
