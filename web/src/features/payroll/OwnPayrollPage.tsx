/** What the user was accrued and paid. */
import { Group } from '@mantine/core';
import { IconCoins } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { TextLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, type ListSearch, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { Page } from '@/components/Page';
import { isBelow } from '@/entities/money/amounts';
import { Fact } from '@/entities/money/Fact';
import { sumColumn } from '@/entities/money/sumColumn';
import { type AccrualItem, ownPayrollQuery } from '@/entities/payroll/queries';
import { queryClient } from '@/lib/api/queries';
import { formatDate } from '@/lib/time';
import { PayrollTabs } from './PayrollTabs';

const route = getRouteApi('/shell/own-payroll');

export function OwnPayrollPage(): ReactNode {
  const { page = 1 } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, isPlaceholderData } = useQuery(ownPayrollQuery({ page, size: PAGE_SIZE }));
  const change = (part: SearchChange<ListSearch>) => void navigate(searchChanged(part));
  return (
    <Page title="Моя зарплата">
      <PayrollTabs />
      {data !== undefined && (
        <Group gap="sm" mb="sm">
          <Fact
            title={isBelow(data.owed) ? 'Выплачено сверх начисленного' : 'Осталось получить'}
            amount={data.owed.replace(/^-/, '')}
          />
          <Fact title="Начислено" amount={data.accrued} />
          <Fact title="Выплачено" amount={data.paid} />
        </Group>
      )}
      <ListTable
        name="own-payroll"
        label="Мои начисления"
        columns={COLUMNS}
        rows={data?.items}
        total={data?.total}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconCoins} title="Начислений пока нет">
            Здесь будет каждое проведённое начисление со всеми строками.
          </Empty>
        }
        sort=""
        page={page}
        onChange={change}
        filters={null}
        nouns={['начисление', 'начисления', 'начислений']}
        loadAll={() => allRows((at, size) => queryClient.query(ownPayrollQuery({ page: at, size })))}
        exportName="Моя зарплата"
      />
    </Page>
  );
}

const periodOf = ({ first, last }: AccrualItem) => `${formatDate(first)} – ${formatDate(last)}`;

const COLUMNS: readonly ListColumn<AccrualItem>[] = [
  {
    key: 'period',
    title: 'За период',
    render: (row) => (
      <TextLink to="/own-payroll/$id" params={{ id: row.id }} className="tabular" fw={500}>
        {periodOf(row)}
      </TextLink>
    ),
    text: periodOf,
  },
  {
    key: 'day',
    title: 'Дата начисления',
    width: 150,
    render: ({ day }) => <span className="tabular">{formatDate(day)}</span>,
    text: ({ day }) => formatDate(day),
  },
  sumColumn('total', 'Начислено', ({ total }) => total),
  sumColumn('paid', 'Выплачено', ({ paid }) => paid),
];
