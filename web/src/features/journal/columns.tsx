import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { AddressLink } from '@/components/AddressLink';
import { ChangesList } from '@/components/ChangesList';
import type { Column } from '@/components/list/useColumns';
import { formatMoment } from '@/lib/time';
import type { ExportColumn, JournalItem } from './queries';
import classes from './JournalTable.module.css';

/** An entry with what its cells have to know beside it. */
interface Entry {
  readonly item: JournalItem;
  /** When, by the clinic's clock. */
  readonly moment: string;
  /** The kind of the action has a column of its own. */
  readonly kindApart: boolean;
}

export interface JournalColumn extends Column {
  /** Named as in the export. */
  key: ExportColumn;
  sort?: string;
  /** Below this it can't be read; what room is left goes to all alike. */
  width: number;
  className?: string | undefined;
  render: (entry: Entry) => ReactNode;
}

export const COLUMNS: readonly JournalColumn[] = [
  { key: 'position', title: '№', width: 60, optional: true, className: 'tabular', render: ({ item }) => item.position },
  {
    key: 'moment',
    title: 'Когда',
    sort: 'moment',
    width: 92,
    className: 'tabular',
    render: ({ moment }) => formatMoment(moment),
  },
  {
    key: 'author',
    title: 'Кто',
    width: 116,
    render: ({ item }) => item.author?.name ?? <Text c="dimmed">Система</Text>,
  },
  {
    key: 'address',
    title: 'Откуда',
    width: 88,
    className: classes.address,
    render: ({ item }) => item.address || '–',
  },
  { key: 'kind', title: 'Вид действия', width: 110, optional: true, render: ({ item }) => item.kind_label },
  { key: 'text', title: 'Действие', width: 168, render: (entry) => <Action {...entry} /> },
  {
    key: 'object',
    title: 'Объект',
    width: 116,
    optional: true,
    render: ({ item: { object } }) => `${object.title}, версия ${object.version}`,
  },
  { key: 'changes', title: 'Информация', width: 180, render: (entry) => <Information {...entry} /> },
];

function Action({ item, kindApart }: Entry): ReactNode {
  return (
    <>
      {!kindApart && (
        <Text size="xs" c="dimmed">
          {item.kind_label}
        </Text>
      )}
      {item.object.type === 'schedule' ? (
        item.text
      ) : (
        <AddressLink href={item.link} size="sm">
          {item.text}
        </AddressLink>
      )}
    </>
  );
}

function Information({ item, moment }: Entry): ReactNode {
  return (
    <>
      {item.object.type === 'schedule' && (
        <div>
          Версия от{' '}
          <AddressLink href={item.link} size="sm" underline="always">
            {formatMoment(moment)}
          </AddressLink>
        </div>
      )}
      <ChangesList changes={item.changes} />
    </>
  );
}
