import { useMe } from '@/lib/api/me';
import { clinicNow, dateOf, type LocalDate } from '@/lib/time';

/** The day by the clinic's wall clock. */
export function useToday(): LocalDate {
  return dateOf(clinicNow(useMe().clinic.zone));
}
