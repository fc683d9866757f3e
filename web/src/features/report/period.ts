/** The days of a report, and the periods that people ask for most. */
import { addDays, type LocalDate, mondayOf } from '@/lib/time';

export interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

export interface Preset extends Days {
  readonly title: string;
}

export const monthOf = (day: LocalDate) => `${day.slice(0, 8)}01`;

/** The last day of the month that a day is in. */
export const monthEnd = (day: LocalDate): LocalDate => addDays(monthOf(addDays(monthOf(day), 31)), -1);

export function presetsOf(today: LocalDate): Preset[] {
  const month = monthOf(today);
  const before = addDays(month, -1);
  const quarter = String(Math.floor((Number(today.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0');
  return [
    { title: 'Сегодня', from: today, to: today },
    { title: 'Неделя', from: mondayOf(today), to: today },
    { title: 'Месяц', from: month, to: today },
    { title: 'Прошлый месяц', from: monthOf(before), to: before },
    { title: 'Квартал', from: `${today.slice(0, 5)}${quarter}-01`, to: today },
    { title: 'Год', from: `${today.slice(0, 5)}01-01`, to: today },
  ];
}
