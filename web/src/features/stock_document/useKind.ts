import { getRouteApi } from '@tanstack/react-router';
import type { StockKind } from '@/entities/stock/queries';

/** The kind of documents that the address names; the route has loaded it. */
export function useKind(): StockKind {
  return getRouteApi('/shell/stock/$kind').useRouteContext().kind;
}
