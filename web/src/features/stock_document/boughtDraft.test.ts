import { expect, test } from 'vitest';
import type { ToBuy } from '@/entities/stock/minimums';
import type { StockGoods, StockKind } from '@/entities/stock/queries';
import { boughtDraft } from './boughtDraft';

const RECEIPT: StockKind = {
  key: 'stock_receipt',
  title: 'Поступления товаров',
  one_title: 'Поступление товаров',
  path: 'stock-receipts',
  fields: [],
  priced: true,
  counts: false,
  batches: true,
};
const GLOVES: StockGoods = {
  id: 'gloves',
  name: 'Перчатки',
  article: '',
  category: '',
  sale_unit: 'упаковка',
  write_off_unit: 'пара',
  factor: '0.3',
  price: '900.00',
  deleted: false,
};
const LACKING: ToBuy = {
  goods: GLOVES,
  warehouse_id: 'cellar',
  warehouse: 'Подвал',
  quantity: '0',
  minimum: '1',
  missing: '1',
  price: '33.33',
  sale_price: '10.00',
  sum: '33.33',
  supplier_id: 'stomsnab',
  supplier: 'Стомснаб',
};
const IMPLANT: StockGoods = { ...GLOVES, id: 'implant', write_off_unit: '', factor: '1' };

test('packages are bought whole, at the price of a package', () => {
  const { lines } = boughtDraft(RECEIPT, [LACKING], { to_buy: 'cellar', supplier: 'stomsnab' });
  expect(lines).toMatchObject([{ unit: 'sale', quantity: '4', price: '10', sum: '40' }]);
  const exact = boughtDraft(RECEIPT, [{ ...LACKING, missing: '0.9' }], { supplier: 'stomsnab' });
  expect(exact.lines).toMatchObject([{ quantity: '3' }]);
});

test('goods of one unit are bought as many as are missing', () => {
  const { lines } = boughtDraft(RECEIPT, [{ ...LACKING, goods: IMPLANT, missing: '2.5' }], { supplier: 'stomsnab' });
  expect(lines).toMatchObject([{ unit: 'write_off', quantity: '2.5', price: '33.33', sum: '83.33' }]);
});

test('only what the supplier brought the last time, or nobody', () => {
  const unknown = { ...LACKING, goods: IMPLANT, supplier_id: null, price: null, sale_price: null };
  const from = (supplier: string | undefined) =>
    boughtDraft(RECEIPT, [LACKING, unknown], { to_buy: 'cellar', ...(supplier === undefined ? {} : { supplier }) });
  expect(from('stomsnab')).toMatchObject({
    'head.warehouse_id': 'cellar',
    'head.counterparty_id': 'stomsnab',
    lines: [{ goods: GLOVES }],
  });
  expect(from(undefined)).not.toHaveProperty('head.counterparty_id');
  expect(from(undefined).lines).toMatchObject([{ goods: IMPLANT, price: '', sum: '' }]);
});
