import type { Ref } from '@/lib/api/model';
import { type LocalDate, type LocalMoment, dateOf, sayDay, sayTime } from '@/lib/time';

/** Where and with whom a visit is. */
export interface Place {
  doctor: Ref | null;
  starts_at: LocalMoment;
  ends_at: LocalMoment;
}

const sayTimes = ({ starts_at, ends_at }: Place) => `${sayTime(starts_at)}–${sayTime(ends_at)}`;
const sayDoctor = ({ doctor }: Place) => doctor?.name ?? 'без врача';

/** «понедельник, 7 декабря, 12:20–13:00, Орлова М. В. (было: 10:00–10:40)»: where it is now whole, before what differs. */
export function sayMove(before: Place, after: Place, today: LocalDate): string {
  const sayDate = ({ starts_at }: Place) => sayDay(dateOf(starts_at), today);
  const sayings = [sayDate, sayTimes, sayDoctor];
  const now = sayings.map((saying) => saying(after)).join(', ');
  const was = sayings.filter((saying) => saying(before) !== saying(after)).map((saying) => saying(before));
  return was.length === 0 ? now : `${now} (было: ${was.join(', ')})`;
}
