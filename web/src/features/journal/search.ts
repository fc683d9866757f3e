import { isLocalDate } from '@/lib/time';
import { isObjectType, type ObjectType } from '@/lib/api/objectTypes';

/** The journal's filters as they stand in the address. */
export interface JournalSearch {
  user?: string;
  type?: ObjectType;
  object?: string;
  kind?: string;
  from?: string;
  to?: string;
  q?: string;
  /** Newest first without it. */
  sort?: JournalSort;
  page?: number;
}

export type JournalSort = 'moment' | '-moment';

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Drops what is missing, so that the address stays short. */
export function journalSearch(search: Record<string, unknown>): JournalSearch {
  const { user, type, object, kind, from, to, q, sort, page } = search;
  const found: JournalSearch = {};
  if (text(user)) found.user = text(user);
  if (isObjectType(type)) found.type = type;
  if (text(object)) found.object = text(object);
  if (text(kind)) found.kind = text(kind);
  if (isLocalDate(from)) found.from = from;
  if (isLocalDate(to)) found.to = to;
  if (text(q)) found.q = text(q);
  if (sort === 'moment' || sort === '-moment') found.sort = sort;
  if (typeof page === 'number' && page > 1) found.page = Math.floor(page);
  return found;
}

/** Filters of the looks at personal data; an undefined one is none. */
export interface AccessLogSearch {
  user?: string | undefined;
  patient?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  q?: string | undefined;
  page?: number | undefined;
}

export function accessLogSearch(search: Record<string, unknown>): AccessLogSearch {
  const { user, from, to, q, page } = journalSearch(search);
  const patient = text(search.patient);
  const found = { user, patient, from, to, q, page };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
