import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useMe } from '@/lib/api/me';
import { pcClockAhead } from '@/lib/clock';
import { clinicNow, sayDifference, sayMoment } from '@/lib/time';

const WORTH_TELLING_MS = 2 * 60_000;
const LOOK_MS = 30_000;
const KEY = 'denta-clock-told';

function wasTold(): boolean {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

function noteTold(): void {
  try {
    sessionStorage.setItem(KEY, 'yes');
  } catch {
    // a browser without storage is told again after a reload
  }
}

/** Tells once in a window that the PC's clock is wrong, and that nothing here goes by it. */
export function useClockNotice(): void {
  const { zone } = useMe().clinic;
  useEffect(() => {
    if (wasTold()) return undefined;
    const look = () => {
      const ahead = pcClockAhead();
      if (ahead === null || Math.abs(ahead) <= WORTH_TELLING_MS) return;
      window.clearInterval(looking);
      noteTold();
      notifications.show({
        color: 'gray',
        title: 'Часы этого компьютера неверны',
        message: `Они ${ahead > 0 ? 'спешат' : 'отстают'} на ${sayDifference(Math.abs(ahead))}. Дента считает время по серверу: сейчас ${sayMoment(clinicNow(zone))}.`,
        autoClose: 15_000,
        role: 'status',
      });
    };
    const looking = window.setInterval(look, LOOK_MS);
    look();
    return () => window.clearInterval(looking);
  }, [zone]);
}
