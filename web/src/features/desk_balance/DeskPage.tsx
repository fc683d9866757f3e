/** The card of a cash desk: its movements in a period, and its closed days. */
import { Button, Group, Text } from '@mantine/core';
import { IconArrowsExchange, IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { NEW } from '@/components/card/CardPage';
import { Empty } from '@/components/Empty';
import { ButtonLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { PeriodInput } from '@/components/list/PeriodInput';
import { Page } from '@/components/Page';
import { PaperButton } from '@/components/papers';
import { isBelow } from '@/entities/money/amounts';
import { deskCardQuery, type DeskCard, type DeskMovement } from '@/entities/money/desks';
import { Fact } from '@/entities/money/Fact';
import { MoneyLink } from '@/entities/money/MoneyLink';
import { moneyKindsQuery } from '@/entities/money/queries';
import { sumColumn } from '@/entities/money/sumColumn';
import { useMe } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { clinicNow, dateOf, formatDate, formatMoment } from '@/lib/time';
import { ClosedDays } from './ClosedDays';
import { CloseWindow } from './CloseWindow';
import type { DeskSearch } from './search';

const route = getRouteApi('/shell/money/desks/$id');

interface Row extends DeskMovement {
  readonly id: string;
  readonly deleted: false;
}

const rowOf = (movement: DeskMovement): Row => ({ ...movement, id: movement.document_id, deleted: false });

export function DeskPage(): ReactNode {
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const today = dateOf(clinicNow(useMe().clinic.zone));
  const [closing, setClosing] = useState(false);
  const { page = 1 } = search;
  // without a period: this month
  const to = search.to ?? (search.from === undefined || search.from <= today ? today : search.from);
  const from = search.from ?? `${to.slice(0, 8)}01`;
  const card = useQuery(deskCardQuery(id, { from, to, page, size: PAGE_SIZE }));
  const kinds = useQuery(moneyKindsQuery).data?.items ?? [];
  const change = (part: SearchChange<DeskSearch>) => void navigate(searchChanged(part));
  const { data } = card;
  const desk = data?.desk;

  return (
    <Page
      title={desk?.name ?? 'Касса'}
      marks={
        desk !== undefined && (
          <Text c="dimmed" fz="sm">
            {desk.kind_title}
            {desk.deleted && ', удалена'}
            {desk.closed_on !== null && `, закрыта по ${formatDate(desk.closed_on)}`}
          </Text>
        )
      }
      actions={
        <>
          <ButtonLink to="/money" variant="default">
            К остаткам
          </ButtonLink>
          {desk?.kind === 'cash' && (
            <PaperButton
              label={`Кассовая книга за ${formatDate(to)}`}
              address={`/api/desk-balances/${id}/cash-book.pdf?day=${to}`}
            />
          )}
          {kinds.map(({ key, title }) => (
            <ButtonLink
              key={key}
              to="/money/$kind/$id"
              params={{ kind: key, id: NEW }}
              search={{ desk: id }}
              variant="default"
            >
              {title.replace(/ средств$/, '')}
            </ButtonLink>
          ))}
          {desk !== undefined && (
            <Button leftSection={<IconLock size={16} stroke={1.8} aria-hidden />} onClick={() => setClosing(true)}>
              Закрыть день
            </Button>
          )}
        </>
      }
    >
      {data !== undefined && <Bounds card={data} from={from} to={to} />}
      <ListTable
        name="desk-movements"
        label="Движение денег"
        columns={COLUMNS}
        rows={data?.items.map(rowOf)}
        total={data?.total}
        waiting={card.isPlaceholderData}
        error={card.error}
        empty={
          <Empty icon={IconArrowsExchange} title="Движений нет">
            За эти дни у кассы нет документов. Измените период.
          </Empty>
        }
        sort=""
        page={page}
        onChange={change}
        filters={<PeriodInput label="Период" bare from={from} to={to} onChange={change} />}
        nouns={['документ', 'документа', 'документов']}
        loadAll={() =>
          allRows(async (at, size) => {
            const found = await queryClient.query(deskCardQuery(id, { from, to, page: at, size }));
            return { ...found, items: found.items.map(rowOf) };
          })
        }
        exportName={desk?.name ?? 'Касса'}
      />
      {desk !== undefined && <ClosedDays key={desk.id} desk={desk} />}
      {closing && desk !== undefined && <CloseWindow desk={desk} day={today} onClose={() => setClosing(false)} />}
    </Page>
  );
}

interface BoundsProps {
  readonly card: DeskCard;
  readonly from: string;
  readonly to: string;
}

/** What there was before the period, what came and went, and what there is after it. */
function Bounds({ card, from, to }: BoundsProps): ReactNode {
  return (
    <Group gap="sm" mb="sm">
      <Fact title={`На начало ${formatDate(from)}`} amount={card.opening} />
      <Fact title="Приход" amount={card.income} />
      <Fact title="Расход" amount={card.outgo} />
      <Fact title="Перемещено в кассу" amount={card.transfer_in} />
      <Fact title="Перемещено из кассы" amount={card.transfer_out} />
      <Fact title={`На конец ${formatDate(to)}`} amount={card.closing} />
    </Group>
  );
}

/** A certificate's is its title. */
const commentOf = ({ title, comment }: Row) => (comment === title ? '' : comment);

const COLUMNS: readonly ListColumn<Row>[] = [
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
    width: 250,
    render: (row) => (
      <MoneyLink kind={row.kind} id={row.document_id} patient={row.patient_id} inherit fw={500}>
        {row.title}
      </MoneyLink>
    ),
    text: ({ title }) => title,
  },
  { key: 'about', title: 'С кем', render: ({ about }) => about, text: ({ about }) => about },
  {
    key: 'articles',
    title: 'Статьи',
    render: ({ articles }) => articles.join(', '),
    text: ({ articles }) => articles.join(', '),
  },
  { key: 'comment', title: 'Комментарий', render: commentOf, text: commentOf },
  sumColumn('in', 'Пришло', ({ sum }) => (isBelow(sum) ? '' : sum), 130),
  sumColumn('out', 'Ушло', ({ sum }) => (isBelow(sum) ? sum.slice(1) : ''), 130),
  sumColumn('balance', 'Остаток', ({ balance }) => balance, 130),
];
