import { formatBirthDate, formatPhone } from '@/lib/text';
import type { PatientItem } from '@/lib/api/model';

/** A patient as chosen from a list. */
export type PatientChoice = Pick<PatientItem, 'id' | 'name' | 'phone' | 'card_number'> &
  Partial<Pick<PatientItem, 'birth_date' | 'categories'>>;

/** «1985 г. р. · +7 912 … · карта 104»: what tells namesakes apart. */
export function patientHint(patient: PatientChoice): string {
  const birth = patient.birth_date ?? '';
  const year = /^\d{4}/.exec(birth);
  return [
    year === null ? formatBirthDate(birth) : `${year[0]} г. р.`,
    patient.phone === '' ? '' : formatPhone(patient.phone),
    patient.card_number === '' ? '' : `карта ${patient.card_number}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
