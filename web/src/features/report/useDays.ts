import { useMe } from '@/lib/api/me';
import { clinicNow, dateOf } from '@/lib/time';
import { type Days, monthOf, type Preset, presetsOf } from './period';
import type { PeriodSearch } from '@/components/list/listSearch';

/** The days of a report: those of its address, else this month. */
export function useDays({ from, to }: PeriodSearch): { days: Days; presets: Preset[] } {
  const today = dateOf(clinicNow(useMe().clinic.zone));
  const days = from === undefined || to === undefined ? { from: monthOf(today), to: today } : { from, to };
  return { days, presets: presetsOf(today) };
}
