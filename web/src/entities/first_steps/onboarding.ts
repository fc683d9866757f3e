import { createStore } from '@/lib/store';

const KEY = 'denta-first-steps';

function remembered(): boolean {
  try {
    return sessionStorage.getItem(KEY) === 'guided';
  } catch {
    return false;
  }
}

/** Whether this window goes the first steps now: set by the guide, ended by leaving it. What is done is never kept here. */
export const guided = createStore(remembered());

export function setGuided(on: boolean): void {
  guided.set(on);
  try {
    if (on) sessionStorage.setItem(KEY, 'guided');
    else sessionStorage.removeItem(KEY);
  } catch {
    // a browser without storage leads until it is reloaded
  }
}
