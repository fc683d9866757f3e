import type { LocalDate } from '@/lib/time';

/** `getDayProps` of a date picker that marks the clinic's today; the library's own `highlightToday` marks the PC's. */
export function markToday(today: LocalDate) {
  return (date: LocalDate) => ({ 'data-today': date === today || undefined, 'data-highlight-today': true });
}
