import { type ListSearch, listSearch, type PeriodSearch, periodSearch } from '@/components/list/listSearch';
import { RECEIPT_STATES, type ReceiptStateKey } from '@/entities/payment/receiptStates';

export interface FiscalReceiptsSearch extends ListSearch, PeriodSearch {
  state?: ReceiptStateKey;
}

export function fiscalReceiptsSearch(search: Record<string, unknown>): FiscalReceiptsSearch {
  const result: FiscalReceiptsSearch = { ...listSearch(search), ...periodSearch(search) };
  if (typeof search.state === 'string' && search.state in RECEIPT_STATES)
    result.state = search.state as ReceiptStateKey;
  return result;
}
