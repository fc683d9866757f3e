/** What is shown of a patient at a glance: how old they are, and what may harm them. */
import { counted } from '@/lib/text';
import type { LocalDate } from '@/lib/time';

/** «34 года»; «около 34 лет» by the year alone; null without a year. `today`: the clinic's date. */
export function formatAge(birthDate: string, today: LocalDate): string | null {
  const known = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(birthDate);
  if (known === null) return null;
  const [, year, month, day] = known;
  const years = Number(today.slice(0, 4)) - Number(year);
  if (month === undefined || day === undefined) return `около ${years} лет`;
  const age = today.slice(5, 10) < `${month}-${day}` ? years - 1 : years;
  return counted(age, 'год', 'года', 'лет');
}

/** Whether a comment speaks of what may harm the patient. */
export function isAlarming(comment: string): boolean {
  return /аллерг|непереносим|анафилакт|от[её]к квинке/i.test(comment);
}
