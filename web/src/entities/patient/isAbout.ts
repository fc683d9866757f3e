import { digitsOf, nameKey } from '@/lib/text';
import type { PatientChoice } from './patientChoice';

/** Whether somebody found by a former text may stay on offer while the search for this one runs: the text must be about them. */
export function isAbout(patient: PatientChoice, text: string): boolean {
  const name = nameKey(patient.name).split(' ');
  const numbers = [digitsOf(patient.phone), nameKey(patient.card_number)];
  const words = nameKey(text).split(' ');
  return words.every((word) =>
    /[a-zа-я]/.test(word)
      ? [...name, ...numbers].some((part) => part.startsWith(word))
      : numbers.some((part) => part.includes(digitsOf(word))),
  );
}
