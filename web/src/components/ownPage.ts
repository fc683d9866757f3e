import { useMatch, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';

export function withoutSlash(pathname: string): string {
  return pathname.replace(/\/+$/, '');
}

/** The address of the page that the caller belongs to: another than the browser's while the next page is on its way. */
export function useOwnPage(): string {
  return useMatch({ strict: false, select: ({ pathname }) => withoutSlash(pathname) });
}

/**
 * Whether the person is still at what the caller drew. An answer may come when they have gone on: then it is told in a notice, and
 * neither leads away nor closes anything.
 */
export function useStillHere(): () => boolean {
  const router = useRouter();
  const page = useRef('');
  page.current = useOwnPage();
  const drawn = useRef(false);
  useEffect(() => {
    drawn.current = true;
    return () => {
      drawn.current = false;
    };
  }, []);
  return useCallback(() => drawn.current && withoutSlash(router.latestLocation.pathname) === page.current, [router]);
}
