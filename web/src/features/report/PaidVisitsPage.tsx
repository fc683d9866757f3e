/** The visits and sales that «Из них оплачено» of the income report counts. */
import { Text } from '@mantine/core';
import { IconCash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { ButtonLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, PAGE_SIZE, searchChanged } from '@/components/list/listSearch';
import { Page } from '@/components/Page';
import { money } from '@/entities/money/amounts';
import { sumColumn } from '@/entities/money/sumColumn';
import { queryClient } from '@/lib/api/queries';
import { formatDate } from '@/lib/time';
import { CHARGED_COLUMNS } from './chargedColumns';
import { type PaidVisit, paidVisitsQuery, workbookAddress } from './queries';
import type { PaidSearch } from './search';
import { useDays } from './useDays';
import { WorkbookButton } from './WorkbookButton';

const route = getRouteApi('/shell/reports/income/paid');

interface Row extends PaidVisit {
  readonly id: string;
  readonly deleted: false;
}

const rowOf = (visit: PaidVisit): Row => ({ ...visit, id: visit.visit_id, deleted: false });

export function PaidVisitsPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { days } = useDays(search);
  const { page = 1 } = search;
  const { data, error, isPlaceholderData } = useQuery(paidVisitsQuery({ ...days, page, size: PAGE_SIZE }));
  const period = days.from === days.to ? formatDate(days.from) : `${formatDate(days.from)} – ${formatDate(days.to)}`;
  return (
    <Page
      title="Из чего сложилось оплаченное"
      marks={
        <Text c="dimmed" fz="sm">
          {`${period}: визиты и продажи, оплаченные полностью или частью, что бы ни было днём оплаты`}
        </Text>
      }
      actions={
        <>
          <ButtonLink to="/reports/income" search={{ ...days }} variant="default">
            К отчёту
          </ButtonLink>
          <WorkbookButton address={workbookAddress('income/paid', { ...days })} name="Оплачено" />
        </>
      }
    >
      <ListTable
        name="income-paid"
        label="Оплаченные визиты"
        columns={COLUMNS}
        rows={data?.items.map(rowOf)}
        total={data?.total}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconCash} title="Оплаченного нет">
            За визиты и продажи этого периода пока ничего не заплатили.
          </Empty>
        }
        sort=""
        page={page}
        onChange={(part) => void navigate(searchChanged<PaidSearch>({ page: part.page }))}
        filters={null}
        nouns={['запись', 'записи', 'записей']}
        summary={
          data !== undefined && (
            <>
              {': оплачено '}
              <b className="tabular">{money(data.paid)}</b>
              {` из ${money(data.net)}`}
            </>
          )
        }
        loadAll={() =>
          allRows(async (at, size) => {
            const found = await queryClient.query(paidVisitsQuery({ ...days, page: at, size }));
            return { ...found, items: found.items.map(rowOf) };
          })
        }
        exportName="Оплачено"
        accessed={{ objectType: 'income_paid', filter: { ...days } }}
      />
    </Page>
  );
}

const COLUMNS: readonly ListColumn<Row>[] = [
  ...CHARGED_COLUMNS,
  sumColumn('net', 'Начислено', ({ net }) => net),
  sumColumn('paid', 'Оплачено', ({ paid }) => paid),
  sumColumn('due', 'Не оплачено', ({ due }) => due),
];
