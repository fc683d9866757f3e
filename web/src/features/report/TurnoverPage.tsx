/** What of each goods there was in each warehouse, came in, went out and was left. */
import { SimpleGrid, Text } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { TextLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { ReferenceFilter } from '@/entities/catalogue/ReferenceFilter';
import { SearchInput } from '@/components/list/SearchInput';
import { Page } from '@/components/Page';
import { isNothing, money, plain, Sum } from '@/entities/money/amounts';
import { queryClient } from '@/lib/api/queries';
import { Figure } from './Figure';
import { type Days } from './period';
import { PeriodChoice } from './PeriodChoice';
import { type Turnover, turnoverQuery, workbookAddress } from './queries';
import type { TurnoverSearch } from './search';
import { SumBars } from './SumBars';
import { useDays } from './useDays';
import { WorkbookButton } from './WorkbookButton';

const route = getRouteApi('/shell/reports/stock-turnover');

interface Row extends Turnover {
  readonly id: string;
  readonly deleted: false;
}

const rowOf = (turnover: Turnover): Row => ({
  ...turnover,
  id: `${turnover.goods.id} ${turnover.warehouse.id}`,
  deleted: false,
});

export function TurnoverPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { days, presets } = useDays(search);
  const { q = '', page = 1, warehouse } = search;
  const asked = { ...days, q, ...(warehouse === undefined ? {} : { warehouse_id: warehouse }) };
  const { data, error, isPlaceholderData } = useQuery(turnoverQuery({ ...asked, page, size: PAGE_SIZE }));
  const change = (part: SearchChange<TurnoverSearch>) => void navigate(searchChanged(part));
  const sums = data?.sums;
  return (
    <Page
      title="Оборот склада"
      actions={<WorkbookButton address={workbookAddress('stock-turnover', asked)} name="Оборот склада" />}
    >
      <PeriodChoice days={days} presets={presets} onChange={(period) => change(period)} />
      {sums !== undefined && (
        <SimpleGrid cols={{ base: 4, lg: isNothing(sums.correction) ? 4 : 5 }} spacing="xs" mb="sm">
          <Figure title="На начало">{money(sums.opening.value)}</Figure>
          <Figure title="Приход">{money(sums.incoming.value)}</Figure>
          <Figure title="Расход">{money(sums.outgoing.value)}</Figure>
          {!isNothing(sums.correction) && <Figure title="Поправка стоимости">{money(sums.correction)}</Figure>}
          <Figure title="На конец">{money(sums.closing.value)}</Figure>
        </SimpleGrid>
      )}
      {data !== undefined && data.points.length > 1 && (
        <SimpleGrid cols={2} spacing="xs" mb="sm">
          <SumBars
            label="Приход"
            step={data.step}
            points={data.points.map(({ day, incoming }) => ({ day, amount: incoming }))}
          />
          <SumBars
            label="Расход"
            step={data.step}
            points={data.points.map(({ day, outgoing }) => ({ day, amount: outgoing }))}
          />
        </SimpleGrid>
      )}
      <ListTable
        name="stock-turnover"
        label="Оборот склада"
        columns={columnsOf(days)}
        rows={data?.items.map(rowOf)}
        total={data?.total}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconStack2} title="Движения и остатков нет">
            Оборот появится, когда будут проведены документы склада. Попробуйте другой период.
          </Empty>
        }
        sort=""
        page={page}
        onChange={({ page: next }) => change({ page: next })}
        filters={
          <>
            <SearchInput label="Товар" width={200} value={q} onSearch={(next) => change({ q: next })} />
            <ReferenceFilter
              label="Склад"
              placeholder="Все склады"
              catalogue="warehouse"
              width={170}
              value={warehouse}
              onChange={(id) => change({ warehouse: id })}
            />
          </>
        }
        nouns={['строка', 'строки', 'строк']}
        loadAll={() =>
          allRows(async (at, size) => {
            const found = await queryClient.query(turnoverQuery({ ...asked, page: at, size }));
            return { ...found, items: found.items.map(rowOf) };
          })
        }
        exportName="Оборот склада"
      />
    </Page>
  );
}

function columnsOf(days: Days): readonly ListColumn<Row>[] {
  return [
    {
      key: 'goods',
      title: 'Товар',
      render: ({ goods, warehouse }) => (
        <TextLink
          to="/stock/goods/$id"
          params={{ id: goods.id }}
          search={{ ...days, warehouse: warehouse.id }}
          fw={500}
        >
          {goods.name}
        </TextLink>
      ),
      text: ({ goods }) => goods.name,
    },
    {
      key: 'warehouse',
      title: 'Склад',
      render: ({ warehouse }) => warehouse.name,
      text: ({ warehouse }) => warehouse.name,
    },
    { key: 'unit', title: 'Ед.', width: 70, render: ({ unit }) => unit, text: ({ unit }) => unit },
    amount('opening', 'На начало'),
    amount('incoming', 'Приход'),
    amount('outgoing', 'Расход'),
    amount('closing', 'На конец'),
  ];
}

const inWords = (quantity: string) =>
  Number(quantity).toLocaleString('ru-RU', { maximumFractionDigits: 4 }).replace('-', '−');

/** How much, and below it what it cost. */
function amount(name: 'opening' | 'incoming' | 'outgoing' | 'closing', title: string): ListColumn<Row> {
  const quantity = ({ figures }: Row) => figures[name].quantity ?? '0';
  const value = ({ figures }: Row) => figures[name].value;
  return {
    key: name,
    title,
    width: 130,
    align: 'right',
    render: (row) =>
      (!isNothing(quantity(row)) || !isNothing(value(row))) && (
        <>
          <Text inherit className="tabular">
            {inWords(quantity(row))}
          </Text>
          <Text fz="xs" c="dimmed">
            <Sum amount={value(row)} />
          </Text>
        </>
      ),
    text: (row) => `${plain(quantity(row))}; ${plain(value(row))} ₽`,
  };
}
