import { type ListSearch, listSearch } from '@/components/list/listSearch';
import { RECEIPT_STATES, type ReceiptStateKey } from '@/entities/payment/receiptStates';
import { isLocalDate, type LocalDate } from '@/lib/time';

export interface FiscalReceiptsSearch extends ListSearch {
  from?: LocalDate;
  to?: LocalDate;
  state?: ReceiptStateKey;
}

export function fiscalReceiptsSearch(search: Record<string, unknown>): FiscalReceiptsSearch {
  const result: FiscalReceiptsSearch = listSearch(search);
  if (isLocalDate(search.from)) result.from = search.from;
  if (isLocalDate(search.to)) result.to = search.to;
  if (typeof search.state === 'string' && search.state in RECEIPT_STATES)
    result.state = search.state as ReceiptStateKey;
  return result;
}
