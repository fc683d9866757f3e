import { type ListSearch, listSearch } from '@/components/list/listSearch';
import { STATUS_ORDER } from '@/entities/visit/status';
import type { VisitStatus } from '@/lib/api/model';
import { isLocalDate, type LocalDate } from '@/lib/time';

export interface VisitsSearch extends ListSearch {
  from?: LocalDate;
  to?: LocalDate;
  status?: VisitStatus;
  doctor?: string;
  deleted?: true;
}

export function visitsSearch(search: Record<string, unknown>): VisitsSearch {
  const result: VisitsSearch = listSearch(search);
  if (isLocalDate(search.from)) result.from = search.from;
  if (isLocalDate(search.to)) result.to = search.to;
  const status = STATUS_ORDER.find((one) => one === search.status);
  if (status !== undefined) result.status = status;
  if (typeof search.doctor === 'string' && search.doctor !== '') result.doctor = search.doctor;
  if (search.deleted === true) result.deleted = true;
  return result;
}
