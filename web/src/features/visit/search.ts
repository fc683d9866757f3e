import { type ListSearch, listSearch, type PeriodSearch, periodSearch } from '@/components/list/listSearch';
import { STATUS_ORDER } from '@/entities/visit/status';
import type { VisitStatus } from '@/lib/api/model';

export const BOOKED = 'booked';

export interface VisitsSearch extends ListSearch, PeriodSearch {
  /** «booked»: all that take time, neither cancelled nor missed. */
  status?: VisitStatus | 'booked';
  doctor?: string;
  deleted?: true;
}

export function visitsSearch(search: Record<string, unknown>): VisitsSearch {
  const result: VisitsSearch = { ...listSearch(search), ...periodSearch(search) };
  const status = search.status === BOOKED ? BOOKED : STATUS_ORDER.find((one) => one === search.status);
  if (status !== undefined) result.status = status;
  if (typeof search.doctor === 'string' && search.doctor !== '') result.doctor = search.doctor;
  if (search.deleted === true) result.deleted = true;
  return result;
}
