import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ListColumn } from './ListTable';

/** How the link to an object's page looks; the page of the list says where it leads. */
interface LinkLook {
  readonly fw: 500;
  readonly c: 'dimmed' | undefined;
  readonly children: string;
}

interface NameColumn<Row> extends Omit<ListColumn<Row>, 'render' | 'text'> {
  readonly nameOf: (row: Row) => string;
  readonly deletedWord: 'удалён' | 'удалена' | 'удалено' | 'аннулирован';
  readonly link: (row: Row, look: LinkLook) => ReactNode;
  readonly before?: (row: Row) => ReactNode;
  readonly after?: (row: Row) => ReactNode;
}

/** The column of names that lead to the objects' pages; a deleted object is greyed and says so, on the screen and in the export. */
export function nameColumn<Row extends { readonly deleted: boolean }>(column: NameColumn<Row>): ListColumn<Row> {
  const { nameOf, deletedWord, link, before, after, ...rest } = column;
  return {
    ...rest,
    render: (row) => (
      <Group gap={8} wrap={after === undefined ? 'nowrap' : 'wrap'}>
        {before?.(row)}
        {link(row, { fw: 500, c: row.deleted ? 'dimmed' : undefined, children: nameOf(row) })}
        {after?.(row)}
        {row.deleted && <Text size="xs">{deletedWord}</Text>}
      </Group>
    ),
    text: (row) => (row.deleted ? `${nameOf(row)} (${deletedWord})` : nameOf(row)),
  };
}
