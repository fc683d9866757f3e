/** Clock times and durations as people type them: 9, 09, 9:00, 9.30, 9-30, 930, 0900, «9 ч 30 мин»; 40, 1:20, «1,5 ч». */
import { plainText, type Read, refused, understood } from './read';

const DAY_MINUTES = 1440;
const UNREAD = 'Не похоже на время. Например: 9, 9:30 или 0930';

/** «09:30». Midnight at the end of a day, «24:00», only where a day may end. */
export function readClock(text: string, { endOfDay = false } = {}): Read<string> {
  const plain = plainText(text).replace(/^[вс] /, '');
  const match =
    /^(\d{1,2})(?: ?[:.,\- ] ?(\d{2}))?$/.exec(plain) ??
    /^(\d{1,2})(\d{2})$/.exec(plain) ??
    /^(\d{1,2}) ?ч(?:ас(?:а|ов)?)?\.?(?: ?(\d{1,2})(?: ?м(?:ин(?:ут[аы]?)?)?\.?)?)?$/.exec(plain);
  if (match === null) return refused(UNREAD);
  const hours = Number(match[1]);
  const minutes = Number(match[2] ?? 0);
  const total = hours * 60 + minutes;
  if (minutes > 59 || total > DAY_MINUTES) return refused(`${match[1] ?? ''}:${match[2] ?? '00'} – такого времени нет`);
  if (total === DAY_MINUTES && !endOfDay) return refused('Полночь – это 0:00 следующего дня');
  const whole = /^(\d{4}|\d{2}[:.,-]\d{2})$/.test(plain);
  return understood(`${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`, whole);
}

/** Minutes: 40, «40 мин», «1 ч 20 мин», 1:20, «1,5 ч»; from 1 to a whole day. */
export function readDuration(text: string): Read<number> {
  const plain = plainText(text);
  const minutes = minutesIn(plain);
  if (minutes === null) return refused('Например: 40, 1:20 или 1,5 ч');
  if (!Number.isInteger(minutes)) return refused('Укажите целые минуты');
  if (minutes > DAY_MINUTES) return refused('Не дольше суток');
  return minutes === 0 ? refused('Укажите длительность') : understood(minutes, true);
}

function minutesIn(plain: string): number | null {
  const alone = /^(\d{1,4})(?: ?м(?:ин(?:ут[аы]?)?)?\.?)?$/.exec(plain);
  if (alone !== null) return Number(alone[1]);
  const clock = /^(\d{1,2}):(\d{2})$/.exec(plain);
  if (clock !== null) return Number(clock[2]) > 59 ? null : Number(clock[1]) * 60 + Number(clock[2]);
  const hours = /^(\d{1,2}(?:[.,]\d{1,2})?) ?ч(?:ас(?:а|ов)?)?\.?(?: ?(\d{1,2})(?: ?м(?:ин(?:ут[аы]?)?)?\.?)?)?$/.exec(
    plain,
  );
  if (hours === null) return null;
  const [, whole = '', rest] = hours;
  if (rest !== undefined && (Number(rest) > 59 || /[.,]/.test(whole))) return null;
  return Math.round(Number(whole.replace(',', '.')) * 6000) / 100 + Number(rest ?? 0);
}
