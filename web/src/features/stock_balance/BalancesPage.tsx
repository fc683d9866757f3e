import { Select } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { optionsOf } from '@/components/fields/options';
import { TextLink } from '@/components/links';
import { EndOfDayInput } from '@/components/list/EndOfDayInput';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import {
  allRows,
  isFiltered,
  orderOf,
  PAGE_SIZE,
  type SearchChange,
  searchChanged,
} from '@/components/list/listSearch';
import { nameColumn } from '@/components/list/nameColumn';
import { SearchInput } from '@/components/list/SearchInput';
import { Page } from '@/components/Page';
import { ReferenceFilter } from '@/entities/catalogue/ReferenceFilter';
import { Summed } from '@/entities/money/Summed';
import { type BalancesFilter, balancesQuery, type GoodsBalance } from '@/entities/stock/balances';
import { quantity } from '@/entities/stock/units';
import { queryClient } from '@/lib/api/queries';
import { formatDate } from '@/lib/time';
import { isBelow, money, plain, Stocked } from './amounts';
import { ExpiringMark } from './ExpiringMark';
import { KnownInput } from './KnownInput';
import { type BalancesSearch, endOf, knownAt, SHOWN } from './search';
import { StockTabs } from './StockTabs';

const route = getRouteApi('/shell/stock');

interface Row extends GoodsBalance {
  readonly id: string;
  readonly deleted: boolean;
}

const rowOf = (balance: GoodsBalance): Row => ({ ...balance, id: balance.goods.id, deleted: balance.goods.deleted });
const ORDERS = ['name', '-name', 'quantity', '-quantity', 'value', '-value'] as const;

export function BalancesPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { page = 1, show = 'present', date, known, warehouse } = search;
  const sort = orderOf(search, ORDERS, 'name');
  const filter: BalancesFilter = {
    at: date === undefined ? undefined : endOf(date),
    known_at: knownAt(known),
    warehouse_id: warehouse,
    category_id: search.category,
    q: search.q ?? '',
    show,
    sort,
  };
  const balances = useQuery(balancesQuery({ ...filter, page, size: PAGE_SIZE }));
  const change = (part: SearchChange<BalancesSearch>) => void navigate(searchChanged(part));
  const value = balances.data?.value;

  return (
    <Page title={titleOf(search)} marks={<ExpiringMark />}>
      <StockTabs />
      <ListTable
        name="stock-balances"
        label="Остатки"
        columns={columnsOf(search)}
        rows={balances.data?.items.map(rowOf)}
        total={balances.data?.total}
        waiting={balances.isPlaceholderData}
        error={balances.error}
        empty={
          <Empty icon={IconStack2} title={isFiltered(search) ? 'Таких товаров нет' : 'На складе пока ничего нет'}>
            {isFiltered(search)
              ? 'Измените склад, дату или другие условия.'
              : 'Остатки появятся, когда будет проведено первое поступление или начальные остатки.'}
          </Empty>
        }
        sort={sort}
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput
              label="Название или артикул"
              width={220}
              value={search.q ?? ''}
              onSearch={(q) => change({ q })}
            />
            <EndOfDayInput day={date} placeholder="Сейчас" onChange={change} />
            <KnownInput known={known} onChange={change} />
            <ReferenceFilter
              label="Склад"
              placeholder="Все склады"
              catalogue="warehouse"
              width={170}
              value={warehouse}
              onChange={(id) => change({ warehouse: id })}
            />
            <ReferenceFilter
              label="Категория"
              placeholder="Все категории"
              catalogue="goods_category"
              width={170}
              value={search.category}
              onChange={(category) => change({ category })}
            />
            <Select
              aria-label="Что показать"
              w={160}
              allowDeselect={false}
              data={optionsOf(SHOWN)}
              value={show}
              onChange={(next) => change({ show: next === null || next === 'present' ? undefined : next })}
            />
          </>
        }
        nouns={['товар', 'товара', 'товаров']}
        summary={value !== undefined && <Summed words=" на сумму " amount={value} />}
        loadAll={() =>
          allRows(async (at, size) => {
            const found = await queryClient.query(balancesQuery({ ...filter, page: at, size }));
            return { ...found, items: found.items.map(rowOf) };
          })
        }
        exportName="Остатки"
      />
    </Page>
  );
}

function titleOf({ date, known }: BalancesSearch): string {
  const title = date === undefined ? 'Остатки' : `Остатки на конец ${formatDate(date)}`;
  return known === undefined ? title : `${title}, по данным на ${formatDate(known)}`;
}

/** One warehouse is all there is to say where the list is of one. */
function columnsOf({ warehouse, date, known }: BalancesSearch): readonly ListColumn<Row>[] {
  const from = {
    ...(warehouse === undefined ? {} : { warehouse }),
    ...(date === undefined ? {} : { to: date }),
    ...(known === undefined ? {} : { known }),
  };
  return [
    nameColumn<Row>({
      key: 'name',
      title: 'Товар',
      sort: 'name',
      nameOf: ({ goods }) => goods.name,
      deletedWord: 'удалён',
      link: ({ id }, look) => <TextLink to="/stock/goods/$id" params={{ id }} search={from} {...look} />,
    }),
    {
      key: 'article',
      title: 'Артикул',
      width: 120,
      render: ({ goods }) => goods.article,
      text: ({ goods }) => goods.article,
    },
    {
      key: 'quantity',
      title: 'Количество',
      sort: 'quantity',
      width: 170,
      align: 'right',
      render: (row) => <Stocked amount={row.quantity} unit={row.goods.unit} />,
      text: (row) => plain(row.quantity),
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
      key: 'average',
      title: 'Себестоимость',
      width: 140,
      align: 'right',
      render: ({ average }) => <span className="tabular">{average === null ? '' : money(average)}</span>,
      text: ({ average }) => plain(average),
    },
    {
      key: 'value',
      title: 'На сумму',
      sort: 'value',
      width: 130,
      align: 'right',
      render: (row) => <span className="tabular">{money(row.value)}</span>,
      text: (row) => plain(row.value),
    },
    ...(warehouse === undefined ? [SPLIT] : []),
  ];
}

const SPLIT: ListColumn<Row> = {
  key: 'warehouses',
  title: 'По складам',
  render: ({ warehouses }) =>
    warehouses.map((one, index) => (
      <span key={one.id}>
        {index > 0 && ', '}
        {one.name}
        {'\u00a0'}
        <Stocked amount={one.quantity} word={false} />
      </span>
    )),
  text: ({ warehouses }) =>
    warehouses
      .map((one) => `${one.name}: ${isBelow(one.quantity) ? 'не хватает ' : ''}${quantity(one.quantity)}`)
      .join(', '),
};
