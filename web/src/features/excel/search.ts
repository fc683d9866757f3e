import { isLocalDate } from '@/lib/time';

/** What is exported, as it stands in the address. */
export interface ExportSearch {
  /** Keys of catalogues and documents; everything without it. */
  what?: string[];
  from?: string;
  to?: string;
}

export function exportSearch({ what, from, to }: Record<string, unknown>): ExportSearch {
  const found: ExportSearch = {};
  if (Array.isArray(what)) found.what = what.filter((key): key is string => typeof key === 'string');
  if (isLocalDate(from)) found.from = from;
  if (isLocalDate(to)) found.to = to;
  return found;
}
