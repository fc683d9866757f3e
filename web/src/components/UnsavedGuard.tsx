import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { LeaveQuestion } from './LeaveQuestion';

interface UnsavedGuardProps {
  readonly when: boolean;
  /** Names a window that stands over its page by this part of the address's search. */
  readonly window?: string;
}

/** Asks before a form with unsaved input is left, also by closing the tab. */
export function UnsavedGuard({ when, window }: UnsavedGuardProps): ReactNode {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      when &&
      (current.pathname !== next.pathname ||
        (window !== undefined && part(current.search, window) !== part(next.search, window))),
    enableBeforeUnload: () => when,
    withResolver: true,
  });
  return <LeaveQuestion blocker={blocker} />;
}

function part(search: object, name: string): unknown {
  return (search as Record<string, unknown>)[name];
}
