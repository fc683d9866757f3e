/** Pay above what is owed (see `aggregates/money/pay_warnings.py`): the sentence says all. */
import { askingPast } from '@/components/askPast';

export const askPast = askingPast({});
