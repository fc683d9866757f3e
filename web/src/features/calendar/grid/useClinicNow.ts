import { useEffect, useState } from 'react';
import { clinicNow, type LocalMoment } from '@/lib/time';

/** The clinic's wall clock, by the minute. */
export function useClinicNow(zone: string): LocalMoment {
  const [now, setNow] = useState(() => clinicNow(zone));
  useEffect(() => {
    const timer = window.setInterval(() => {
      setNow((before) => {
        const next = clinicNow(zone);
        return next.slice(0, 16) === before.slice(0, 16) ? before : next;
      });
    }, 5000);
    return () => window.clearInterval(timer);
  }, [zone]);
  return now;
}
