import { expect, test } from 'vitest';
import type { StockDocument, StockGoods, StockKind } from '@/entities/stock/queries';
import { returnDraft } from './returnDraft';

const RETURN = {
  key: 'customer_return',
  fields: [{ name: 'origin_id', type: 'reference', refers_to: 'goods_issue' }],
} as unknown as StockKind;
const goods = (id: string) => ({ id, name: id }) as StockGoods;
const line = (id: string, quantity: string, factor = '1') => ({
  goods: goods(id),
  quantity,
  unit: factor === '1' ? ('write_off' as const) : ('sale' as const),
  factor,
  price: '10.00',
  sum: '30.00',
  batch: '',
  expires_on: null,
});
const issue = (returned: Record<string, string>, ...lines: ReturnType<typeof line>[]) =>
  ({ id: 'issue', fields: { warehouse_id: 'cellar' }, lines, returned }) as unknown as StockDocument;

const quantities = (returned: Record<string, string>, ...lines: ReturnType<typeof line>[]) =>
  (returnDraft(RETURN, issue(returned, ...lines)).lines ?? []).map(({ goods: { id }, quantity, sum }) => [
    id,
    quantity,
    sum,
  ]);

test('a return begins with all that was issued, to the same warehouse', () => {
  const draft = returnDraft(RETURN, issue({}, line('gloves', '3')));
  expect(draft['head.warehouse_id']).toBe('cellar');
  expect(draft['head.origin_id']).toBe('issue');
  expect(quantities({}, line('gloves', '3'), line('masks', '1'))).toEqual([
    ['gloves', '3', '30'],
    ['masks', '1', '30'],
  ]);
});

test('what has come back is left out, from the first lines first and in their unit', () => {
  expect(quantities({ gloves: '3' }, line('gloves', '3'), line('gloves', '2'))).toEqual([['gloves', '2', '30']]);
  expect(quantities({ gloves: '4' }, line('gloves', '3'), line('gloves', '2'))).toEqual([['gloves', '1', '10']]);
  expect(quantities({ gloves: '25' }, line('gloves', '3', '10'))).toEqual([['gloves', '0.5', '5']]);
});
