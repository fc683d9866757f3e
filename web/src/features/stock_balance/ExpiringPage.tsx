/** Batches whose time is running out. */
import { Select, Text } from '@mantine/core';
import { IconCalendarTime } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useToday } from '@/components/fields/useToday';
import { Empty } from '@/components/Empty';
import { TextLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { type SearchChange, searchChanged } from '@/components/list/listSearch';
import { nameColumn } from '@/components/list/nameColumn';
import { SearchInput } from '@/components/list/SearchInput';
import { byText, wholeList } from '@/components/list/wholeList';
import { Page } from '@/components/Page';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { stockKindsQuery } from '@/entities/stock/queries';
import { quantity } from '@/entities/stock/units';
import type { ObjectType } from '@/lib/api/objectTypes';
import { counted } from '@/lib/text';
import { daysBetween, formatDate, type LocalDate } from '@/lib/time';
import { plain } from './amounts';
import { type ExpiringBatch, expiringQuery } from './queries';
import { daysOf, type ExpiringSearch, PERIODS } from './search';
import { StockTabs } from './StockTabs';

const route = getRouteApi('/shell/stock/expiring');

interface Row extends ExpiringBatch {
  readonly id: string;
  readonly deleted: boolean;
}

const ORDERS = {
  expires_on: byText<Row>(({ expires_on }) => expires_on),
  name: byText<Row>(({ goods }) => goods.name),
};

export function ExpiringPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const today = useToday();
  const days = daysOf(search);
  const batches = useQuery(expiringQuery(days));
  const kinds = useQuery(stockKindsQuery).data?.items ?? [];
  const titles = new Map(kinds.map(({ key, one_title }) => [key, one_title]));
  const change = (part: SearchChange<ExpiringSearch>) => void navigate(searchChanged(part));
  // a document may have two lines of one batch
  const rows = batches.data?.items.map((batch, at): Row => ({
    ...batch,
    id: `${batch.document_id} ${at}`,
    deleted: batch.goods.deleted,
  }));
  const list = wholeList({
    items: rows,
    search,
    orders: ORDERS,
    sort: 'expires_on',
    text: ({ goods, batch }) => `${goods.name} ${goods.article} ${batch}`,
  });

  return (
    <Page title="Сроки годности">
      <StockTabs />
      <Text fz="sm" c="dimmed" mb="sm">
        Считается, что первым расходуется то, что раньше истекает: партия остаётся здесь, пока израсходовано меньше, чем
        в ней пришло.
      </Text>
      <ListTable
        {...list}
        name="stock-expiring"
        label="Сроки годности"
        columns={columnsOf(today, (kind) => titles.get(kind) ?? 'Документ')}
        waiting={batches.isPlaceholderData}
        error={batches.error}
        empty={
          <Empty icon={IconCalendarTime} title={search.q === undefined ? 'Ничего не истекает' : 'Таких партий нет'}>
            {search.q === undefined
              ? `В ближайшие ${days} дней. Партия и срок годности указываются в строках поступления.`
              : 'Измените запрос или срок.'}
          </Empty>
        }
        onChange={change}
        filters={
          <>
            <SearchInput
              label="Товар, артикул или партия"
              width={240}
              value={search.q ?? ''}
              onSearch={(q) => change({ q })}
            />
            <Select
              aria-label="Истекают"
              w={210}
              allowDeselect={false}
              data={PERIODS.map((one) => ({ value: String(one), label: `В ближайшие ${one} дней` }))}
              value={String(days)}
              onChange={(next) => change({ days: Number(next) })}
            />
          </>
        }
        nouns={['партия', 'партии', 'партий']}
        exportName="Сроки годности"
      />
    </Page>
  );
}

function columnsOf(today: LocalDate, titleOf: (kind: string) => string): readonly ListColumn<Row>[] {
  const titled = ({ kind, number }: Row) => `${titleOf(kind)} № ${number}`;
  const daysLeft = ({ expires_on }: Row) => daysBetween(today, expires_on);
  const leftInWords = (row: Row) => inWords(daysLeft(row));
  return [
    nameColumn<Row>({
      key: 'name',
      title: 'Товар',
      sort: 'name',
      nameOf: ({ goods }) => goods.name,
      deletedWord: 'удалён',
      link: ({ goods }, look) => <TextLink to="/stock/goods/$id" params={{ id: goods.id }} {...look} />,
    }),
    {
      key: 'article',
      title: 'Артикул',
      width: 120,
      optional: true,
      render: ({ goods }) => goods.article,
      text: ({ goods }) => goods.article,
    },
    { key: 'batch', title: 'Партия', width: 100, render: ({ batch }) => batch, text: ({ batch }) => batch },
    {
      key: 'expires_on',
      title: 'Годен до',
      sort: 'expires_on',
      width: 115,
      render: ({ expires_on }) => <span className="tabular">{formatDate(expires_on)}</span>,
      text: ({ expires_on }) => formatDate(expires_on),
    },
    {
      key: 'days',
      title: 'Осталось времени',
      width: 155,
      render: (row) => (
        <Text span inherit c={daysLeft(row) < 0 ? 'var(--mantine-color-error)' : undefined}>
          {leftInWords(row)}
        </Text>
      ),
      text: leftInWords,
    },
    {
      key: 'left',
      title: 'Остаток',
      width: 125,
      align: 'right',
      render: ({ left, goods }) => <span className="tabular">{quantity(left, goods.unit)}</span>,
      text: ({ left }) => plain(left),
    },
    {
      key: 'unit',
      title: 'Единица',
      width: 90,
      optional: true,
      render: ({ goods }) => goods.unit,
      text: ({ goods }) => goods.unit,
    },
    {
      key: 'document',
      title: 'Пришла по документу',
      width: 205,
      render: (row) => (
        <ObjectLink type={row.kind as ObjectType} id={row.document_id} inherit>
          {titled(row)}
        </ObjectLink>
      ),
      text: titled,
    },
  ];
}

function inWords(days: number): string {
  if (days === 0) return 'последний день';
  const long = counted(Math.abs(days), 'день', 'дня', 'дней');
  return days < 0 ? `истёк ${long} назад` : long;
}
