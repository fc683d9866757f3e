import { createStore } from '@/lib/store';

/** `lost`: the server does not answer at all. `stale`: it answers, but live changes don't arrive at the moment. */
export type Connection = 'online' | 'stale' | 'lost';

export const connection = createStore<Connection>('online');

let reachable = true;
let live = true;
/** When what was sent last, of all that has come to an end, was sent. */
let newest = 0;

function tell(): void {
  connection.set(!reachable ? 'lost' : live ? 'online' : 'stale');
}

/**
 * Whether something that was sent at a moment (of `performance.now`) got any answer. Ends come in any order: what was sent before
 * another thing that has ended says nothing about the line as it is now.
 */
export function answered(yes: boolean, sent: number): void {
  if (sent < newest) return;
  newest = sent;
  reachable = yes;
  tell();
}

/** Whether live changes arrive, and what was missed is fetched. */
export function following(yes: boolean): void {
  live = yes;
  tell();
}
