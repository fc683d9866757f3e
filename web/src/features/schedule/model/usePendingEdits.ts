/** Pending edits of this browser tab, kept in its session storage under the user and the clinic. */
import { useCallback, useEffect, useMemo, useReducer } from 'react';
import { dropStored, type Edits, NOTHING_PENDING, restored, store, type Pending } from './pending';

type Change = (pending: Pending) => Pending;

function reduce(pending: Pending, change: Change): Pending {
  return change(pending);
}

const FORGET: Change = () => NOTHING_PENDING;

export interface PendingEdits {
  readonly pending: Pending;
  readonly change: (change: Change) => void;
  readonly forget: () => void;
  /** These are saved; what was edited while the answer was on its way stays pending. */
  readonly settle: (sent: Edits) => void;
  /** Edits were found from before a reload or an earlier visit of the page. */
  readonly found: boolean;
}

export function usePendingEdits(userId: string): PendingEdits {
  const key = `denta:hours:${userId}`;
  const [pending, dispatch] = useReducer(reduce, key, (name) => restored(window.sessionStorage, name));
  const found = useMemo(() => restored(window.sessionStorage, key).base !== null, [key]);
  useEffect(() => store(window.sessionStorage, key, pending), [key, pending]);
  const forget = useCallback(() => {
    // at once: a page that is being left doesn't run its effects again
    store(window.sessionStorage, key, NOTHING_PENDING);
    dispatch(FORGET);
  }, [key]);
  const settle = useCallback(
    (sent: Edits) => {
      dropStored(window.sessionStorage, key, sent);
      dispatch((now) => (now.edits === sent ? NOTHING_PENDING : { ...now, refused: false }));
    },
    [key],
  );
  return { pending, change: dispatch, forget, settle, found };
}
