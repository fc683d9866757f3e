import { createStore } from '@/lib/store';

/** `lost`: the server does not answer at all. `stale`: it answers, but live changes don't arrive at the moment. */
export type Connection = 'online' | 'stale' | 'lost';

export const connection = createStore<Connection>('online');

let reachable = true;
let live = true;

function tell(): void {
  connection.set(!reachable ? 'lost' : live ? 'online' : 'stale');
}

/** Whether the last request got any answer. */
export function answered(yes: boolean): void {
  reachable = yes;
  tell();
}

/** Whether live changes arrive, and what was missed is fetched. */
export function following(yes: boolean): void {
  live = yes;
  tell();
}
