import { useBlocker } from '@tanstack/react-router';
import { type ReactNode, useEffect, useReducer, useRef } from 'react';
import { LeaveQuestion } from './LeaveQuestion';
import { useOwnPage, withoutSlash } from './ownPage';

interface UnsavedGuardProps {
  readonly when: boolean;
  /** Names a window that stands over its page by this part of the address's search. */
  readonly window?: string | undefined;
}

interface Guard extends UnsavedGuardProps {
  /** The address of the page that the form belongs to. */
  readonly page: string;
}

interface Place {
  readonly pathname: string;
  readonly search: object;
}

/** What may stand unsaved on the screen: a page may hold several forms. */
const guards = new Set<{ readonly current: Guard }>();
/** The question, where it is drawn. */
let onChange: () => void = () => undefined;

/** A form's word for the question that is asked before unsaved input is left, also by closing the tab. */
export function UnsavedGuard({ when, window }: UnsavedGuardProps): ReactNode {
  const page = useOwnPage();
  const guard = useRef<Guard>({ when, window, page });
  useEffect(() => {
    guard.current = { when, window, page };
    onChange();
  });
  useEffect(() => {
    guards.add(guard);
    return () => {
      guards.delete(guard);
      onChange();
    };
  }, []);
  return null;
}

/**
 * Asks once, however many forms would be left, and goes on by itself once a save under way has left nothing to ask about. Stands once,
 * beside all pages. A page that has been left stays on the screen until the next one is there: who goes on meanwhile isn't asked
 * (again) about it.
 */
export function UnsavedQuestion(): ReactNode {
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isUnsaved(current, next),
    enableBeforeUnload: () => [...guards].some(({ current: { when, page } }) => when && isHere(page)),
    withResolver: true,
  });
  const asked = blocker.status === 'blocked';
  useEffect(() => {
    onChange = asked ? draw : () => undefined;
  }, [asked]);
  useEffect(() => {
    if (blocker.status === 'blocked' && !isUnsaved(blocker.current, blocker.next)) blocker.proceed();
  });
  return <LeaveQuestion blocker={blocker} />;
}

function isUnsaved(current: Place, next: Place): boolean {
  return [...guards].some(
    ({ current: { when, window, page } }) =>
      when &&
      page === withoutSlash(current.pathname) &&
      (current.pathname !== next.pathname ||
        (window !== undefined && part(current.search, window) !== part(next.search, window))),
  );
}

function isHere(page: string): boolean {
  return page === withoutSlash(location.pathname);
}

function part(search: object, name: string): unknown {
  return (search as Record<string, unknown>)[name];
}
