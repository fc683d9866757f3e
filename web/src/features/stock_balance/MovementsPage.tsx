/** The card of an item of stock: how it came to what there is. */
import { Group, Paper, Text } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { ButtonLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { PeriodInput } from '@/components/list/PeriodInput';
import { Page } from '@/components/Page';
import { ReferenceFilter } from '@/entities/catalogue/ReferenceFilter';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { useObjectPage } from '@/entities/object/useObjectPage';
import {
  type GoodsMovements,
  movementsQuery,
  type MovementsFilter,
  type StockMovement,
} from '@/entities/stock/balances';
import { stockKindsQuery } from '@/entities/stock/queries';
import { quantity } from '@/entities/stock/units';
import type { ObjectType } from '@/lib/api/objectTypes';
import { queryClient } from '@/lib/api/queries';
import { formatDate, formatMoment, type LocalDate } from '@/lib/time';
import { isBelow, money, plain, Stocked } from './amounts';
import { MinimumsBlock } from './MinimumsBlock';
import { KnownInput } from './KnownInput';
import { knownAt, type MovementsSearch } from './search';

const route = getRouteApi('/shell/stock/goods/$id');

interface Row extends StockMovement {
  readonly id: string;
  readonly deleted: false;
}

const rowOf = (movement: StockMovement): Row => {
  const { document_id, line, warehouse_id } = movement;
  return { ...movement, id: `${document_id} ${line} ${warehouse_id}`, deleted: false };
};

export function MovementsPage(): ReactNode {
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { page = 1, from, to, known, warehouse } = search;
  const filter: MovementsFilter = { from, to, known_at: knownAt(known), warehouse_id: warehouse };
  const movements = useQuery(movementsQuery(id, { ...filter, page, size: PAGE_SIZE }));
  const kinds = useQuery(stockKindsQuery).data?.items ?? [];
  const titles = new Map([['visit', 'Визит'], ...kinds.map(({ key, one_title }) => [key, one_title] as const)]);
  const change = (part: SearchChange<MovementsSearch>) => void navigate(searchChanged(part));
  const card = useObjectPage('goods', id);
  const { data } = movements;
  const filtered = from !== undefined || warehouse !== undefined;

  return (
    <Page
      title={data?.goods.name ?? 'Карточка товара'}
      marks={data !== undefined && <Facts goods={data.goods} known={known} />}
      actions={
        <>
          <ButtonLink to="/stock" search={warehouse === undefined ? {} : { warehouse }} variant="default">
            К остаткам
          </ButtonLink>
          {card !== null && (
            <ButtonLink to={card} variant="default">
              Карточка товара
            </ButtonLink>
          )}
        </>
      }
    >
      {data !== undefined && <Bounds movements={data} from={from} to={to} />}
      <ListTable
        name="stock-movements"
        label="Движение товара"
        columns={columnsOf((kind) => titles.get(kind) ?? 'Документ')}
        rows={data?.items.map(rowOf)}
        total={data?.total}
        waiting={movements.isPlaceholderData}
        error={movements.error}
        empty={
          <Empty icon={IconArrowsExchange} title="Движений нет">
            {filtered
              ? 'Измените период или склад.'
              : 'Они появятся, когда товар будет в проведённом документе склада.'}
          </Empty>
        }
        sort=""
        page={page}
        onChange={change}
        filters={
          <>
            <PeriodInput label="Период" bare from={from} to={to} onChange={change} />
            <KnownInput known={known} onChange={change} />
            <ReferenceFilter
              label="Склад"
              placeholder="Все склады"
              catalogue="warehouse"
              width={200}
              value={warehouse}
              onChange={(next) => change({ warehouse: next })}
            />
          </>
        }
        nouns={['движение', 'движения', 'движений']}
        loadAll={() =>
          allRows(async (at, size) => {
            const found = await queryClient.query(movementsQuery(id, { ...filter, page: at, size }));
            return { ...found, items: found.items.map(rowOf) };
          })
        }
        exportName={data?.goods.name ?? 'Движение товара'}
      />
    </Page>
  );
}

interface FactsProps {
  readonly goods: GoodsMovements['goods'];
  readonly known: LocalDate | undefined;
}

function Facts({ goods, known }: FactsProps): ReactNode {
  const facts = [
    goods.article === '' ? '' : `арт. ${goods.article}`,
    goods.deleted ? 'удалён из справочника' : '',
    known === undefined ? '' : `по данным на ${formatDate(known)}`,
  ];
  return (
    <Text c="dimmed" fz="sm">
      {facts.filter((fact) => fact !== '').join(', ')}
    </Text>
  );
}

interface BoundsProps {
  readonly movements: GoodsMovements;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What there was before the period, and after it, and what there has to be. */
function Bounds({ movements, from, to }: BoundsProps): ReactNode {
  const { goods, opening, opening_value, closing, closing_value } = movements;
  return (
    <Group gap="sm" mb="sm" align="start">
      {from !== undefined && (
        <Bound title={`На начало ${formatDate(from)}`} amount={opening} value={opening_value} unit={goods.unit} />
      )}
      <Bound
        title={to === undefined ? 'Сейчас' : `На конец ${formatDate(to)}`}
        amount={closing}
        value={closing_value}
        unit={goods.unit}
      />
      <MinimumsBlock key={goods.id} goods={goods} />
    </Group>
  );
}

interface BoundProps {
  readonly title: string;
  readonly amount: string;
  readonly value: string;
  readonly unit: string;
}

function Bound({ title, amount, value, unit }: BoundProps): ReactNode {
  return (
    <Paper withBorder px="md" py="xs" role="group" aria-label={title}>
      <Text fz="sm" c="dimmed">
        {title}
      </Text>
      <Text fw={600}>
        <Stocked amount={amount} unit={unit} />
        <Text span inherit fw={400}>
          {' на '}
          {money(value)}
        </Text>
      </Text>
    </Paper>
  );
}

function columnsOf(titleOf: (kind: string) => string): readonly ListColumn<Row>[] {
  const titled = ({ kind, number }: Row) => `${titleOf(kind)} № ${number}`;
  return [
    {
      key: 'moment',
      title: 'Дата и время',
      width: 150,
      render: ({ moment }) => <span className="tabular">{formatMoment(moment)}</span>,
      text: ({ moment }) => formatMoment(moment),
    },
    {
      key: 'document',
      title: 'Документ',
      render: (row) => (
        <ObjectLink type={row.kind as ObjectType} id={row.document_id} inherit fw={500}>
          {titled(row)}
        </ObjectLink>
      ),
      text: titled,
    },
    { key: 'warehouse', title: 'Склад', width: 150, render: (row) => row.warehouse, text: (row) => row.warehouse },
    amountColumn('in', 'Приход', (row) => (isBelow(row.quantity) ? '' : row.quantity)),
    amountColumn('out', 'Расход', (row) => (isBelow(row.quantity) ? row.quantity.slice(1) : '')),
    {
      key: 'value',
      title: 'Сумма',
      width: 110,
      align: 'right',
      render: (row) => <span className="tabular">{money(row.value)}</span>,
      text: (row) => plain(row.value),
    },
    {
      key: 'balance',
      title: 'Остаток',
      width: 100,
      align: 'right',
      render: (row) => <Stocked amount={row.balance} />,
      text: (row) => plain(row.balance),
    },
    {
      key: 'balance_value',
      title: 'На сумму',
      width: 120,
      align: 'right',
      render: (row) => <span className="tabular">{money(row.balance_value)}</span>,
      text: (row) => plain(row.balance_value),
    },
    {
      key: 'correction',
      title: 'Поправка себестоимости',
      width: 130,
      align: 'right',
      optional: true,
      render: (row) => <span className="tabular">{Number(row.correction) === 0 ? '' : money(row.correction)}</span>,
      text: (row) => plain(row.correction),
    },
  ];
}

function amountColumn(key: string, title: string, amountOf: (row: Row) => string): ListColumn<Row> {
  return {
    key,
    title,
    width: 90,
    align: 'right',
    render: (row) => <span className="tabular">{quantity(amountOf(row))}</span>,
    text: (row) => plain(amountOf(row)),
  };
}
