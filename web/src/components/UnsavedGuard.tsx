import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { LeaveQuestion } from './LeaveQuestion';

/** Asks before a form with unsaved input is left, also by closing the tab. */
export function UnsavedGuard({ when }: { when: boolean }): ReactNode {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname,
    enableBeforeUnload: () => when,
    withResolver: true,
  });
  return <LeaveQuestion blocker={blocker} />;
}
