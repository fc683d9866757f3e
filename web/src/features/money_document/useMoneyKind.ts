import { getRouteApi } from '@tanstack/react-router';
import type { MoneyKind } from '@/entities/money/queries';

/** The kind of documents that the address names; the route has loaded it. */
export function useMoneyKind(): MoneyKind {
  return getRouteApi('/shell/money/$kind').useRouteContext().kind;
}
