import { notifications } from '@mantine/notifications';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { forgetWhatWasFetched, grantsOf, losesSight, narrows } from '@/lib/api/grants';
import { useMe } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { sessionEnded } from '@/lib/api/session';
import { useStore } from '@/lib/store';
import { forgetChoices } from './choices';

/**
 * Other rights or options while the page is open: it is judged and fetched again. Where they may hide something that was shown, the
 * page is veiled at once and stays so until everything on it was fetched under the new ones; without a session too. What is typed
 * stays in its forms below the veil. Tells whether rights are being looked at.
 */
export function useGrants(): boolean {
  const me = useMe();
  const router = useRouter();
  const out = useStore(sessionEnded);
  const [judging, setJudging] = useState(0);
  const before = useRef(me);
  const given = JSON.stringify(grantsOf(me));

  useLayoutEffect(() => {
    const former = before.current;
    before.current = me;
    if (JSON.stringify(grantsOf(former)) === given) return;
    if (!narrows(former, me)) {
      void queryClient.invalidateQueries();
      void router.invalidate();
      return;
    }
    setJudging((count) => count + 1);
    if (losesSight(former, me)) {
      notifications.clean();
      forgetChoices(me.user_id);
    }
    void Promise.allSettled([router.invalidate(), forgetWhatWasFetched()]).then(() => setJudging((count) => count - 1));
  }, [me, given, router]);

  useVeil(out || judging > 0);
  return judging > 0;
}

/** Hides the page and its windows (see page.css), without taking them down; the focus goes back to where it was. */
function useVeil(veiled: boolean): void {
  useLayoutEffect(() => {
    document.documentElement.toggleAttribute('data-veiled', veiled);
    return () => document.documentElement.removeAttribute('data-veiled');
  }, [veiled]);
  useEffect(() => {
    if (!veiled) return undefined;
    const focused = document.activeElement;
    return () => {
      if (focused instanceof HTMLElement && focused.isConnected && document.activeElement === document.body)
        focused.focus();
    };
  }, [veiled]);
}
