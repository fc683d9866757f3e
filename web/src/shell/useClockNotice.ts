import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useMe } from '@/lib/api/me';
import { pcClockAhead } from '@/lib/clock';
import { clinicNow, formatDifference, formatMoment } from '@/lib/time';

const WORTH_TELLING_MS = 2 * 60_000;
const LOOK_MS = 30_000;
const KEY = 'denta-clock-told';

function wasShown(): boolean {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

function noteShown(): void {
  try {
    sessionStorage.setItem(KEY, 'yes');
  } catch {
    // a browser without storage shows it again after a reload
  }
}

/** Tells once in a window that the PC's clock is wrong, and that nothing here goes by it. */
export function useClockNotice(): void {
  const { zone } = useMe().clinic;
  useEffect(() => {
    if (wasShown()) return undefined;
    const look = () => {
      const ahead = pcClockAhead();
      if (ahead === null || Math.abs(ahead) <= WORTH_TELLING_MS) return;
      window.clearInterval(looking);
      noteShown();
      notifications.show({
        color: 'gray',
        title: 'Часы этого компьютера неверны',
        message: `Они ${ahead > 0 ? 'спешат' : 'отстают'} на ${formatDifference(Math.abs(ahead))}. Дента считает время по серверу: сейчас ${formatMoment(clinicNow(zone))}.`,
        autoClose: 15_000,
        role: 'status',
      });
    };
    const looking = window.setInterval(look, LOOK_MS);
    look();
    return () => window.clearInterval(looking);
  }, [zone]);
}
