import type { StockKind } from '@/entities/stock/queries';

interface LineColumn {
  readonly key: string;
  readonly title: string;
  /** px; what has none takes the room that is left. */
  readonly width?: number;
  readonly align?: 'right';
}

/** What is shown beside what is written: the cost of lines in effect, the book quantity of a count and the difference to it. */
export interface Beside {
  readonly costs: boolean;
  readonly book: boolean;
}

/** The columns of a document's lines, by what its kind has. `choosing`: some of the goods have two units. */
export function columnsOf(kind: StockKind, choosing: boolean, { costs, book }: Beside): readonly LineColumn[] {
  return [
    { key: 'place', title: '№', width: 40 },
    { key: 'goods_id', title: 'Товар' },
    { key: 'quantity', title: kind.counts ? 'Сосчитано' : 'Количество', width: 92, align: 'right' },
    { key: 'unit', title: 'Ед.', width: choosing ? 116 : 78 },
    ...(kind.priced || kind.counts
      ? [{ key: 'price', title: kind.counts ? 'Цена излишка' : 'Цена', width: 108, align: 'right' as const }]
      : []),
    ...(kind.priced ? [{ key: 'sum', title: 'Сумма', width: 116, align: 'right' as const }] : []),
    ...(kind.batches
      ? [
          { key: 'batch', title: 'Партия', width: 96 },
          { key: 'expires_on', title: 'Годен до', width: 122 },
        ]
      : []),
    ...(book
      ? [
          { key: 'book', title: 'По учёту', width: 112, align: 'right' as const },
          { key: 'difference', title: 'Разница', width: 112, align: 'right' as const },
        ]
      : []),
    ...(costs ? [{ key: 'cost', title: 'Себестоимость', width: 124, align: 'right' as const }] : []),
    { key: 'remove', title: '', width: 38 },
  ];
}
