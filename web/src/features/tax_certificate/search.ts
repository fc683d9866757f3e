import {
  type DeletedSearch,
  deletedSearch,
  idsOf,
  type PeriodSearch,
  periodSearch,
} from '@/components/list/listSearch';
import type { LocalDate } from '@/lib/time';

export interface TaxCertificatesSearch extends DeletedSearch, PeriodSearch {
  year?: number;
  sent?: boolean;
  /** Of whom a new certificate is. */
  patient?: string;
}

export const FIRST_YEAR = 2024;

export function taxCertificatesSearch(search: Record<string, unknown>): TaxCertificatesSearch {
  const result: TaxCertificatesSearch = {
    ...deletedSearch(search),
    ...periodSearch(search),
    ...idsOf(search, ['patient']),
  };
  const year = Number(search.year);
  if (Number.isInteger(year) && year >= FIRST_YEAR && year < 2200) result.year = year;
  if (typeof search.sent === 'boolean') result.sent = search.sent;
  return result;
}

const AUTUMN = 9;

/** Most people ask in spring, about the year that is over. */
export function likelyYear(today: LocalDate): string {
  const over = Number(today.slice(5, 7)) < AUTUMN ? 1 : 0;
  return String(Math.max(Number(today.slice(0, 4)) - over, FIRST_YEAR));
}

/** Years that may be certified until now, the latest first. */
export function yearsUntil(today: LocalDate): string[] {
  const last = Math.max(Number(today.slice(0, 4)), FIRST_YEAR);
  return Array.from({ length: last - FIRST_YEAR + 1 }, (_, back) => String(last - back));
}
