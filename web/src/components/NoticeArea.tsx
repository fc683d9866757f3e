import { Notifications, useNotifications } from '@mantine/notifications';
import { type ReactNode, useEffect } from 'react';

const EDGE = 16;
const WIDTH = 460;
/** As far up as a few notices reach. */
const REACH = 260;

/** The notices at the lower right, above whatever stands there to be pressed: a bar of actions, the button that sends a form. */
export function NoticeArea(): ReactNode {
  const shown = useNotifications().notifications.length > 0;
  useEffect(() => {
    if (!shown) return undefined;
    const measure = () => document.documentElement.style.setProperty('--denta-notices', `${room()}px`);
    measure();
    const timer = window.setInterval(measure, 200); // bars come and go, pages are scrolled
    return () => window.clearInterval(timer);
  }, [shown]);
  return <Notifications position="bottom-right" limit={4} zIndex={1100} />;
}

function room(): number {
  const { innerWidth, innerHeight } = window;
  const inTheWay = [...document.querySelectorAll('[data-actions], button[type="submit"]')]
    .map((element) => element.getBoundingClientRect())
    .filter(
      ({ width, right, top, bottom }) =>
        width > 0 && right > innerWidth - WIDTH && bottom > innerHeight - REACH && top < innerHeight,
    );
  return Math.max(EDGE, ...inTheWay.map(({ top }) => innerHeight - top + EDGE / 2));
}
