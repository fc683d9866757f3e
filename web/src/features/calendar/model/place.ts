import type { Ref } from '@/lib/api/model';
import { type LocalDate, type LocalMoment, dateOf, formatDay, formatTime } from '@/lib/time';

/** Where and with whom a visit is. */
export interface Place {
  doctor: Ref | null;
  starts_at: LocalMoment;
  ends_at: LocalMoment;
}

const formatTimes = ({ starts_at, ends_at }: Place) => `${formatTime(starts_at)}–${formatTime(ends_at)}`;
const formatDoctor = ({ doctor }: Place) => doctor?.name ?? 'без врача';

/** «понедельник, 7 декабря, 12:20–13:00, Орлова М. В. (было: 10:00–10:40)»: where it is now whole, before what differs. */
export function formatMove(before: Place, after: Place, today: LocalDate): string {
  const formatDate = ({ starts_at }: Place) => formatDay(dateOf(starts_at), today);
  const sayings = [formatDate, formatTimes, formatDoctor];
  const now = sayings.map((saying) => saying(after)).join(', ');
  const was = sayings.filter((saying) => saying(before) !== saying(after)).map((saying) => saying(before));
  return was.length === 0 ? now : `${now} (было: ${was.join(', ')})`;
}
