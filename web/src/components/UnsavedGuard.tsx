import { useBlocker } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { LeaveQuestion } from './LeaveQuestion';

interface UnsavedGuardProps {
  readonly when: boolean;
  /** Names a window that stands over its page by this part of the address's search. */
  readonly window?: string | undefined;
}

/** What may stand unsaved on the screen: a page may hold several forms. */
const guards = new Set<{ readonly current: UnsavedGuardProps }>();

/** A form's word for the question that is asked before unsaved input is left, also by closing the tab. */
export function UnsavedGuard({ when, window }: UnsavedGuardProps): ReactNode {
  const guard = useRef<UnsavedGuardProps>({ when, window });
  useEffect(() => {
    guard.current = { when, window };
  });
  useEffect(() => {
    guards.add(guard);
    return () => {
      guards.delete(guard);
    };
  }, []);
  return null;
}

/** Asks once, however many forms would be left. Stands once, beside all pages. */
export function UnsavedQuestion(): ReactNode {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      [...guards].some(
        ({ current: { when, window } }) =>
          when &&
          (current.pathname !== next.pathname ||
            (window !== undefined && part(current.search, window) !== part(next.search, window))),
      ),
    enableBeforeUnload: () => [...guards].some(({ current }) => current.when),
    withResolver: true,
  });
  return <LeaveQuestion blocker={blocker} />;
}

function part(search: object, name: string): unknown {
  return (search as Record<string, unknown>)[name];
}
