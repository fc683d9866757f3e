import type { StockPlace } from '@/entities/stock/stockPlace';
import { isLocalDate, parseClock } from '@/lib/time';
import { type DocumentDraft, headField } from './documentDraft';

/** Where and when a document takes or counts goods. */
export function placeOf(draft: DocumentDraft): StockPlace {
  const { date, time } = draft.moment;
  return {
    warehouse: String(draft[headField({ name: 'warehouse_id' })] ?? ''),
    moment: isLocalDate(date) && parseClock(time) !== null ? `${date}T${time}` : '',
  };
}
