import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { stockBookQuery, type StockDocument, type StockKind } from '@/entities/stock/queries';
import { useRight } from '@/lib/api/me';
import type { StockPlace } from '@/entities/stock/stockPlace';

/** Goods → what the warehouse should have of them, in the unit of write-off; what isn't in it is 0. */
export type Book = ReadonlyMap<string, string>;

/**
 * Of a count what there should have been, by all other documents; undefined for those who don't see the stock. Of one that is posted
 * and whose day or warehouse is being changed nothing is said: its own effect would be among it.
 */
export function useBook(kind: StockKind, document: StockDocument | null, place: StockPlace): Book | null | undefined {
  const maySee = useRight('stock_balances');
  const { warehouse, moment } = place;
  const stored = document?.fields;
  const moved = document?.posted === true && (stored?.warehouse_id !== warehouse || stored.moment !== moment);
  const shown = kind.counts && maySee;
  const { data } = useQuery({
    ...stockBookQuery({ warehouse_id: warehouse, moment, ...(document === null ? {} : { document_id: document.id }) }),
    enabled: shown && !moved && warehouse !== '' && moment !== '',
  });
  const book = useMemo(
    () => (data === undefined ? null : new Map(data.items.map(({ goods_id, quantity }) => [goods_id, quantity]))),
    [data],
  );
  if (!shown) return undefined;
  return moved ? null : book;
}
