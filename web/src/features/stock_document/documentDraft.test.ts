import { describe, expect, it } from 'vitest';
import type { StockDocument, StockGoods, StockKind } from '@/entities/stock/queries';
import { unitName } from '@/entities/stock/units';
import { Problem } from '@/lib/api/problem';
import {
  draftOf,
  emptyDraft,
  faultsByLine,
  faultsOfRefusal,
  missing,
  newLine,
  over,
  unreadable,
  written,
} from './documentDraft';

const field = (name: string, type: string, required = false, refersTo = '') => ({
  name,
  label: name,
  type: type as 'text',
  required,
  max_length: 0,
  choices: {},
  refers_to: refersTo,
  shown_by_default: true,
});

const RECEIPT: StockKind = {
  key: 'stock_receipt',
  title: 'Поступления товаров',
  one_title: 'Поступление товаров',
  path: 'stock-receipts',
  fields: [
    field('moment', 'moment', true),
    field('warehouse_id', 'reference', true, 'warehouse'),
    field('counterparty_id', 'reference', true, 'counterparty'),
    field('comment', 'lines'),
  ],
  priced: true,
  counts: false,
  batches: true,
};
const COUNT: StockKind = { ...RECEIPT, key: 'stock_count', priced: false, counts: true, batches: false };

const GLOVES: StockGoods = {
  id: 'gloves',
  name: 'Перчатки',
  article: '',
  category: '',
  sale_unit: 'упаковка',
  write_off_unit: 'пара',
  factor: '50',
  price: '900.00',
  deleted: false,
};
const IMPLANT: StockGoods = { ...GLOVES, id: 'implant', name: 'Имплантат', write_off_unit: '', factor: '1' };

const STORED = {
  id: 'id',
  number: 7,
  version: 3,
  fields: { moment: '2026-12-01T10:30', warehouse_id: 'w', counterparty_id: 'c', comment: '' },
  names: {},
  line_count: 1,
  total: '100.00',
  posted: false,
  deleted: false,
  lines: [
    {
      goods: GLOVES,
      quantity: '2.50',
      unit: 'sale',
      factor: '50',
      price: '40.00',
      sum: '100.00',
      batch: 'A1',
      expires_on: '2028-05-31',
      cost: null,
      difference: null,
    },
  ],
} satisfies StockDocument;
const SAVED = draftOf(RECEIPT, STORED);

describe('a stock document in its form', () => {
  it('is sent as it was stored', () => {
    expect(written(RECEIPT, SAVED)).toEqual({
      fields: { warehouse_id: 'w', counterparty_id: 'c', comment: '', moment: '2026-12-01T10:30' },
      lines: [
        {
          goods_id: 'gloves',
          quantity: '2.5',
          unit: 'sale',
          price: '40',
          sum: '100',
          batch: 'A1',
          expires_on: '2028-05-31',
        },
      ],
    });
  });

  it('sends what was changed alone, and of a line what its kind has', () => {
    expect(written(RECEIPT, { 'head.counterparty_id': '' })).toEqual({ fields: { counterparty_id: null } });
    const lines = [{ ...newLine(COUNT, IMPLANT), quantity: '0' }];
    expect(written(COUNT, { lines }).lines).toEqual([
      { goods_id: 'implant', quantity: '0', unit: 'write_off', price: null },
    ]);
  });

  it('takes goods as invoices or shelves speak of them', () => {
    expect(newLine(RECEIPT, GLOVES)).toMatchObject({ unit: 'sale', price: '' });
    expect(newLine(COUNT, GLOVES)).toMatchObject({ unit: 'write_off' });
    expect(newLine({ ...RECEIPT, key: 'goods_issue' }, GLOVES)).toMatchObject({ unit: 'sale', price: '900' });
    expect(unitName(IMPLANT, 'write_off')).toBe('упаковка');
    expect(unitName({ ...GLOVES, write_off_unit: 'упаковка' }, 'sale')).toBe('упаковка × 50');
  });

  it('says what is missing, of each line too', () => {
    expect(missing(RECEIPT, emptyDraft(RECEIPT), true)).toEqual({
      warehouse_id: 'Выберите из списка',
      counterparty_id: 'Выберите из списка',
      moment: 'Укажите дату',
      lines: 'Добавьте хотя бы один товар, потом проводите.',
    });
    const lines = [newLine(RECEIPT, GLOVES), { ...newLine(RECEIPT, GLOVES), quantity: '2' }];
    expect(missing(RECEIPT, over(SAVED, { lines }), false)).toEqual({
      'lines.0.quantity': 'Укажите количество',
      'lines.1.price': 'Укажите цену или сумму, для подарка – 0',
    });
    expect(unreadable(RECEIPT, { ...newLine(RECEIPT, GLOVES), quantity: 'два', expires_on: 'x' })).toMatchObject({
      quantity: expect.any(String) as string,
      expires_on: 'Не похоже на дату',
    });
    expect(unreadable(COUNT, { ...newLine(COUNT, GLOVES), quantity: '0' })).toEqual({});
  });

  it('shows a refusal at its line', () => {
    const refused = (code: string, facts: Record<string, unknown>) =>
      faultsOfRefusal(RECEIPT, SAVED, new Problem(409, code, 'Нельзя.', facts));
    expect(refused('wrong_value', { field: 'lines.0.price', reason: 'Много.' })).toEqual({
      'lines.0.price': 'Нельзя.',
    });
    const short = (id: string) => ({ goods: { id }, moment: '2026-12-03T12:00:00', missing: '1.5' });
    expect(refused('goods_missing', { shortages: [short('other'), short('gloves')] })).toEqual({
      'lines.0.quantity': 'На 03.12.2026 12:00 не хватает 1,5',
    });
    expect(refused('goods_missing', { shortages: [short('other')] })).toBeNull();
    expect(refused('entry_deleted', { entry_id: 'c' })).toEqual({ counterparty_id: 'Нельзя.' });
    expect(refused('period_closed', {})).toEqual({ moment: 'Нельзя.' });
    expect([...faultsByLine({ 'lines.3.price': 'Много.', 'lines.3.sum': 'Мало.', moment: 'x' })]).toEqual([
      [3, { price: 'Много.', sum: 'Мало.' }],
    ]);
  });
});
