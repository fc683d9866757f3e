/** Settlements with one employee: accruals and payouts with what is owed after each. */
import { Group } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { ButtonLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { PeriodInput } from '@/components/list/PeriodInput';
import { Page } from '@/components/Page';
import { isBelow } from '@/entities/money/amounts';
import { Fact } from '@/entities/money/Fact';
import { sumColumn } from '@/entities/money/sumColumn';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { type PaySettlementDocument, paySettlementQuery } from '@/entities/payroll/queries';
import { queryClient } from '@/lib/api/queries';
import { dateOf, formatDate, formatMoment } from '@/lib/time';
import type { SettlementSearch } from './search';

const route = getRouteApi('/shell/pay-settlements/$id');

interface Row extends PaySettlementDocument {
  readonly id: string;
  readonly deleted: false;
}

const rowOf = (document: PaySettlementDocument): Row => ({ ...document, id: document.document_id, deleted: false });

export function SettlementPage(): ReactNode {
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { page = 1, from, to } = search;
  const { data, error, isPlaceholderData } = useQuery(paySettlementQuery(id, { from, to, page, size: PAGE_SIZE }));
  const change = (part: SearchChange<SettlementSearch>) => void navigate(searchChanged(part));
  return (
    <Page
      title={data?.employee.name ?? 'Расчёты с сотрудником'}
      actions={
        <>
          <ButtonLink to="/pay-settlements" variant="default">
            Ко всем
          </ButtonLink>
          <ButtonLink to="/pay-accruals" search={{ employee: id }} variant="default">
            Начисления
          </ButtonLink>
        </>
      }
    >
      {data !== undefined && (
        <Group gap="sm" mb="sm">
          <Fact
            title={isBelow(data.employee.owed) ? 'Переплачено' : 'Мы должны'}
            amount={data.employee.owed.replace(/^-/, '')}
          />
          <Fact title="Начислено" amount={data.employee.accrued} />
          <Fact title="Выплачено" amount={data.employee.paid} />
        </Group>
      )}
      <ListTable
        name="pay-settlement"
        label="Начисления и выплаты"
        columns={COLUMNS}
        rows={data?.items.map(rowOf)}
        total={data?.total}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconScale} title="Документов нет">
            Здесь будут начисления сотруднику и выплаты по ним.
          </Empty>
        }
        sort=""
        page={page}
        onChange={change}
        filters={<PeriodInput label="Период" bare from={from} to={to} onChange={change} />}
        nouns={['документ', 'документа', 'документов']}
        loadAll={() =>
          allRows(async (at, size) => {
            const found = await queryClient.query(paySettlementQuery(id, { from, to, page: at, size }));
            return { ...found, items: found.items.map(rowOf) };
          })
        }
        exportName={data?.employee.name ?? 'Расчёты'}
      />
    </Page>
  );
}

const titled = ({ title, number }: Row) => `${title} № ${number}`;
/** An accrual has a day, an outgo a moment. */
const dated = ({ kind, moment }: Row) => (kind === 'pay_accrual' ? formatDate(dateOf(moment)) : formatMoment(moment));

const COLUMNS: readonly ListColumn<Row>[] = [
  {
    key: 'moment',
    title: 'Дата',
    width: 150,
    render: (row) => <span className="tabular">{dated(row)}</span>,
    text: dated,
  },
  {
    key: 'document',
    title: 'Документ',
    render: (row) => (
      <ObjectLink type={row.kind} id={row.document_id} inherit fw={500}>
        {titled(row)}
      </ObjectLink>
    ),
    text: titled,
  },
  sumColumn('accrued', 'Начислено', ({ kind, change }) => (kind === 'pay_accrual' ? change : '')),
  sumColumn('paid', 'Выплачено', ({ kind, change }) => (kind === 'pay_accrual' ? '' : change.replace(/^-/, ''))),
  sumColumn('owed', 'Мы должны', ({ owed }) => owed),
];
