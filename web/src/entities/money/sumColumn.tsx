import type { ListColumn } from '@/components/list/ListTable';
import { plain, Sum } from './amounts';

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
