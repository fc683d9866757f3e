import { Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { usePrinting } from '@/lib/printing';
import classes from './ColumnHead.module.css';

interface ColumnHeadProps {
  column: {
    title: string;
    /** Name of the sorting in the address; a column without it isn't sorted. */
    sort?: string;
    width?: number | string;
    align?: 'right';
    /** It takes the width that is left. */
    grow?: boolean;
  };
  /** The list's sorting: «name», or «-name» for the other way round. */
  sort: string;
  onSort: (sort: string) => void;
}

/** The head of a column; a click on it sorts by the column, another one the other way round. */
export function ColumnHead({ column: { title, sort: own, width, align, grow = false }, sort, onSort }: ColumnHeadProps) {
  const order =
    own === undefined ? undefined : sort === own ? 'ascending' : sort === `-${own}` ? 'descending' : undefined;
  const onPaper = usePrinting(); // a button's text isn't repeated on the sheets that follow
  const Icon = order === 'ascending' ? IconArrowUp : order === 'descending' ? IconArrowDown : IconArrowsSort;
  return (
    <Table.Th w={width} ta={align} aria-sort={order} className={grow ? classes.grow : undefined}>
      {own === undefined || onPaper ? (
        title
      ) : (
        <UnstyledButton
          className={classes.sort}
          data-sorted={order}
          onClick={() => onSort(order === 'ascending' ? `-${own}` : own)}
        >
          {title}
          <Icon size={14} stroke={1.8} aria-hidden />
        </UnstyledButton>
      )}
    </Table.Th>
  );
}
