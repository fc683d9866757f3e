import type { ListColumn } from '@/components/list/ListTable';
import { plain, Sum, SumOrNothing } from './amounts';

/** A column of sums; a row without one says ''. */
export function sumColumn<Row>(
  key: string,
  title: string,
  sumOf: (row: Row) => string,
  width: number = 150,
): ListColumn<Row> {
  return {
    key,
    title,
    width,
    align: 'right',
    render: (row) => (sumOf(row) === '' ? null : <Sum amount={sumOf(row)} />),
    text: (row) => plain(sumOf(row)),
  };
}

/** Such a column of which most rows have nothing: that is left blank. */
export function sparseSumColumn<Row>(
  key: string,
  title: string,
  sumOf: (row: Row) => string,
  width?: number,
): ListColumn<Row> {
  return { ...sumColumn(key, title, sumOf, width), render: (row) => <SumOrNothing amount={sumOf(row)} /> };
}
