import { createStore } from '@/lib/store';

/**
 * Whether the session ended under an open page. Requests that met 401 wait here until the person has signed in again in the
 * dialog over the page, and are then repeated; what was typed stays where it is.
 */
interface Waiting {
  done: (signedIn: boolean) => void;
  promise: Promise<boolean>;
}

export const sessionEnded = createStore(false);

let waiting: Waiting | null = null;
let established = false;

/**
 * Told by the shell, and by signing out before it: only under an open page is there something to keep; elsewhere 401 simply leads
 * to the sign-in page.
 */
export function sessionEstablished(open: boolean): void {
  established = open;
  if (!open) endWaiting(false);
}

/** Resolves true once the person signed in again, false when they gave up. */
export function signInAgain(): Promise<boolean> {
  if (!established) return Promise.resolve(false);
  if (waiting === null) {
    let done: (signedIn: boolean) => void = () => undefined;
    const promise = new Promise<boolean>((resolve) => {
      done = resolve;
    });
    waiting = { done, promise };
    sessionEnded.set(true);
  }
  return waiting.promise;
}

export function endWaiting(signedIn: boolean): void {
  const current = waiting;
  waiting = null;
  sessionEnded.set(false);
  current?.done(signedIn);
}
