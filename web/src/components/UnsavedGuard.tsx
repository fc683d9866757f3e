import { useBlocker, useMatch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { LeaveQuestion } from './LeaveQuestion';

interface UnsavedGuardProps {
  readonly when: boolean;
  /** Names a window that stands over its page by this part of the address's search. */
  readonly window?: string | undefined;
}

interface Guard extends UnsavedGuardProps {
  /** The address of the page that the form belongs to. */
  readonly page: string;
}

/** What may stand unsaved on the screen: a page may hold several forms. */
const guards = new Set<{ readonly current: Guard }>();

/** A form's word for the question that is asked before unsaved input is left, also by closing the tab. */
export function UnsavedGuard({ when, window }: UnsavedGuardProps): ReactNode {
  const page = useMatch({ strict: false, select: ({ pathname }) => trimmed(pathname) });
  const guard = useRef<Guard>({ when, window, page });
  useEffect(() => {
    guard.current = { when, window, page };
  });
  useEffect(() => {
    guards.add(guard);
    return () => {
      guards.delete(guard);
    };
  }, []);
  return null;
}

/**
 * Asks once, however many forms would be left. Stands once, beside all pages. A page that has been left stays on the screen until the
 * next one is there: whoever goes on meanwhile isn't asked (again) about it.
 */
export function UnsavedQuestion(): ReactNode {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      [...guards].some(
        ({ current: { when, window, page } }) =>
          when &&
          page === trimmed(current.pathname) &&
          (current.pathname !== next.pathname ||
            (window !== undefined && part(current.search, window) !== part(next.search, window))),
      ),
    enableBeforeUnload: () => [...guards].some(({ current: { when, page } }) => when && page === trimmed(location.pathname)),
    withResolver: true,
  });
  return <LeaveQuestion blocker={blocker} />;
}

function trimmed(pathname: string): string {
  return pathname.replace(/\/+$/, '');
}

function part(search: object, name: string): unknown {
  return (search as Record<string, unknown>)[name];
}
