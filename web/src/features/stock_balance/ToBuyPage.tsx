/** Goods below their minimum, by who brought them the last time. */
import { Button, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconShoppingCart } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { NEW } from '@/components/card/CardPage';
import { MenuLink, TextLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { type SearchChange, searchChanged } from '@/components/list/listSearch';
import { nameColumn } from '@/components/list/nameColumn';
import { SearchInput } from '@/components/list/SearchInput';
import { byText, type Order, wholeList } from '@/components/list/wholeList';
import { Page } from '@/components/Page';
import { ReferenceFilter } from '@/entities/catalogue/ReferenceFilter';
import { Summed } from '@/entities/money/Summed';
import { type ToBuy, toBuyQuery } from '@/entities/stock/minimums';
import { quantity } from '@/entities/stock/units';
import { useRight } from '@/lib/api/me';
import { counted, fromKopecks, kopecks } from '@/lib/text';
import { money, plain, Stocked } from './amounts';
import type { ToBuySearch } from './search';
import { StockTabs } from './StockTabs';

const route = getRouteApi('/shell/stock/to-buy');

interface Row extends ToBuy {
  readonly id: string;
  readonly deleted: false;
}

const unitOf = ({ goods }: ToBuy) => (goods.write_off_unit === '' ? goods.sale_unit : goods.write_off_unit);
const sumOf = (rows: readonly ToBuy[]) => fromKopecks(rows.reduce((total, { sum }) => total + kopecks(sum ?? '0'), 0));

const ORDERS: Readonly<Record<string, Order<Row>>> = {
  supplier: (one, other) =>
    Number(one.supplier === '') - Number(other.supplier === '') || one.supplier.localeCompare(other.supplier, 'ru'),
  name: byText<Row>(({ goods }) => goods.name),
  warehouse: byText<Row>(({ warehouse }) => warehouse),
  sum: (one, other) => kopecks(one.sum ?? '0') - kopecks(other.sum ?? '0'),
};

export function ToBuyPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { warehouse } = search;
  const lacking = useQuery(toBuyQuery(warehouse));
  const mayReceive = useRight('stock_receipts');
  const change = (part: SearchChange<ToBuySearch>) => void navigate(searchChanged(part));
  const rows = lacking.data?.items.map((one): Row => ({
    ...one,
    id: `${one.goods.id} ${one.warehouse_id}`,
    deleted: false,
  }));
  const found = wholeList({
    items: rows,
    search,
    orders: ORDERS,
    sort: 'supplier',
    text: ({ goods, supplier }) => `${goods.name} ${goods.article} ${supplier}`,
  });
  const unpriced = found.all.filter(({ sum }) => sum === null).length;

  return (
    <Page title="Что купить" actions={mayReceive && <NewReceipt rows={rows ?? []} />}>
      <StockTabs />
      <ListTable
        {...found}
        name="stock-to-buy"
        label="Что купить"
        columns={columnsOf(search)}
        waiting={lacking.isPlaceholderData}
        error={lacking.error}
        empty={<Nothing searched={search.q !== undefined} />}
        onChange={change}
        filters={
          <>
            <SearchInput
              label="Товар, артикул или поставщик"
              width={260}
              value={search.q ?? ''}
              onSearch={(q) => change({ q })}
            />
            <ReferenceFilter
              label="Склад"
              placeholder="Все склады"
              catalogue="warehouse"
              width={200}
              value={warehouse}
              onChange={(id) => change({ warehouse: id })}
            />
          </>
        }
        nouns={['строка', 'строки', 'строк']}
        summary={
          <>
            <Summed words=" на сумму " amount={sumOf(found.all)} />
            {unpriced > 0 && `, не считая ${counted(unpriced, 'строки', 'строк', 'строк')} без цены`}
          </>
        }
        exportName="Что купить"
      />
    </Page>
  );
}

function Nothing({ searched }: { readonly searched: boolean }): ReactNode {
  return (
    <Empty icon={IconShoppingCart} title={searched ? 'Таких товаров нет' : 'Покупать нечего'}>
      {searched
        ? 'Измените запрос или склад.'
        : 'Здесь товары, которых меньше минимального остатка. Его задают для каждого склада в карточке товара: «Остатки» – название товара.'}
    </Empty>
  );
}

/** For each supplier and warehouse a receipt with what is missing. */
function NewReceipt({ rows }: { readonly rows: readonly ToBuy[] }): ReactNode {
  const orders = new Map<string, ToBuy[]>();
  for (const row of rows) {
    const key = `${row.supplier_id} ${row.warehouse_id}`;
    orders.set(key, [...(orders.get(key) ?? []), row]);
  }
  return (
    <Menu position="bottom-end" disabled={rows.length === 0}>
      <Menu.Target>
        <Button variant="light" disabled={rows.length === 0} rightSection={<IconChevronDown size={15} aria-hidden />}>
          Создать поступление
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {[...orders].map(([key, lines]) => (
          <Order key={key} lines={lines} />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Order({ lines }: { readonly lines: readonly ToBuy[] }): ReactNode {
  const [first] = lines;
  if (first === undefined) return null;
  const { supplier_id, supplier, warehouse_id, warehouse } = first;
  return (
    <MenuLink
      to="/stock/$kind/$id"
      params={{ kind: 'stock_receipt', id: NEW }}
      search={{ to_buy: warehouse_id, ...(supplier_id === null ? {} : { supplier: supplier_id }) }}
    >
      {supplier === '' ? 'Поставщик неизвестен' : supplier} – {warehouse}
      <Text span display="block" fz="xs">
        {counted(lines.length, 'товар', 'товара', 'товаров')}
        {lines.some(({ sum }) => sum !== null) ? ` на ${money(sumOf(lines))}` : ', цена неизвестна'}
      </Text>
    </MenuLink>
  );
}

/** One warehouse is all there is to say where the list is of one. */
function columnsOf({ warehouse }: ToBuySearch): readonly ListColumn<Row>[] {
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
      width: 110,
      optional: true,
      render: ({ goods }) => goods.article,
      text: ({ goods }) => goods.article,
    },
    ...(warehouse === undefined ? [WAREHOUSE] : []),
    {
      key: 'quantity',
      title: 'Есть',
      width: 80,
      align: 'right',
      render: (row) => <Stocked amount={row.quantity} />,
      text: (row) => plain(row.quantity),
    },
    {
      key: 'minimum',
      title: 'Минимум',
      width: 95,
      align: 'right',
      render: ({ minimum }) => <span className="tabular">{quantity(minimum)}</span>,
      text: ({ minimum }) => plain(minimum),
    },
    {
      key: 'missing',
      title: 'Не хватает',
      width: 135,
      align: 'right',
      render: (row) => <b className="tabular">{quantity(row.missing, unitOf(row))}</b>,
      text: ({ missing }) => plain(missing),
    },
    { key: 'unit', title: 'Единица', width: 90, optional: true, render: unitOf, text: unitOf },
    {
      key: 'price',
      title: 'Цена',
      width: 95,
      align: 'right',
      render: ({ price }) => <span className="tabular">{price === null ? '' : money(price)}</span>,
      text: ({ price }) => plain(price),
    },
    {
      key: 'sum',
      title: 'Сумма',
      sort: 'sum',
      width: 105,
      align: 'right',
      render: ({ sum }) => <span className="tabular">{sum === null ? '' : money(sum)}</span>,
      text: ({ sum }) => plain(sum),
    },
    {
      key: 'supplier',
      title: 'Поставщик',
      sort: 'supplier',
      width: 150,
      render: ({ supplier }) => supplier,
      text: ({ supplier }) => supplier,
    },
  ];
}

const WAREHOUSE: ListColumn<Row> = {
  key: 'warehouse',
  title: 'Склад',
  sort: 'warehouse',
  width: 130,
  render: ({ warehouse }) => warehouse,
  text: ({ warehouse }) => warehouse,
};
