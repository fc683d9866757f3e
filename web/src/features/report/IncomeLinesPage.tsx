/** The lines of visits that a figure of the income report counts. */
import { Text } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { ButtonLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { Page } from '@/components/Page';
import { money, plain, Sum, SumOrNothing } from '@/entities/money/amounts';
import { queryClient } from '@/lib/api/queries';
import { counted } from '@/lib/text';
import { formatDate } from '@/lib/time';
import { CHARGED_COLUMNS } from './chargedColumns';
import { type IncomeLine, incomeLinesQuery, incomeQuery, workbookAddress } from './queries';
import type { LinesSearch } from './search';
import { useDays } from './useDays';
import { WorkbookButton } from './WorkbookButton';

const route = getRouteApi('/shell/reports/income/lines');

interface Row extends IncomeLine {
  readonly id: string;
  readonly deleted: false;
}

const rowOf = (line: IncomeLine): Row => ({ ...line, id: `${line.visit_id} ${line.line}`, deleted: false });

export function IncomeLinesPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { days } = useDays(search);
  const { page = 1, employee, item, category, first } = search;
  const asked = {
    ...days,
    ...(employee === undefined ? {} : { employee }),
    ...(item === undefined ? {} : { item }),
    ...(category === undefined ? {} : { category }),
    ...(first === undefined ? {} : { first_visits: first }),
  };
  const { data, error, isPlaceholderData } = useQuery(incomeLinesQuery({ ...asked, page, size: PAGE_SIZE }));
  const what = useCondition(search, days);
  const change = (part: SearchChange<LinesSearch>) => void navigate(searchChanged(part));
  const period = days.from === days.to ? formatDate(days.from) : `${formatDate(days.from)} – ${formatDate(days.to)}`;
  return (
    <Page
      title="Из чего сложилась выручка"
      marks={
        <Text c="dimmed" fz="sm">
          {[period, ...what].join(', ')}
        </Text>
      }
      actions={
        <>
          <ButtonLink to="/reports/income" search={{ ...days }} variant="default">
            К отчёту
          </ButtonLink>
          <WorkbookButton address={workbookAddress('income/lines', asked)} name="Строки визитов" />
        </>
      }
    >
      <ListTable
        name="income-lines"
        label="Строки визитов"
        columns={COLUMNS}
        rows={data?.items.map(rowOf)}
        total={data?.total}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconChartBar} title="Строк нет">
            В этом периоде нет завершённых визитов с такими услугами или товарами.
          </Empty>
        }
        sort=""
        page={page}
        onChange={change}
        filters={null}
        nouns={['строка', 'строки', 'строк']}
        summary={
          data !== undefined && (
            <>
              {` в ${counted(data.visits, 'визите', 'визитах', 'визитах')}: начислено `}
              <b className="tabular">{money(data.sums.net)}</b>
              {`, без скидок ${money(data.sums.gross)}`}
            </>
          )
        }
        loadAll={() =>
          allRows(async (at, size) => {
            const found = await queryClient.query(incomeLinesQuery({ ...asked, page: at, size }));
            return { ...found, items: found.items.map(rowOf) };
          })
        }
        exportName="Строки визитов"
        accessed={{ objectType: 'income_report', filter: asked }}
      />
    </Page>
  );
}

/** What beside the period the lines have in common, in words. */
function useCondition(
  { employee, item, category, first }: LinesSearch,
  days: { readonly from: string; readonly to: string },
): string[] {
  const by = item !== undefined ? 'item' : 'category';
  const people = useQuery({ ...incomeQuery({ ...days, by: 'performer' }), enabled: employee !== undefined });
  const groups = useQuery({
    ...incomeQuery({ ...days, by }),
    enabled: item !== undefined || category !== undefined,
  });
  const names = [
    people.data?.groups.find(({ key }) => key === employee)?.name,
    groups.data?.groups.find(({ key }) => key === (item ?? category))?.name,
    first === true ? 'первичные визиты' : undefined,
  ];
  return names.filter((name) => name !== undefined && name !== '') as string[];
}

const COLUMNS: readonly ListColumn<Row>[] = [
  ...CHARGED_COLUMNS,
  {
    key: 'performers',
    title: 'Исполнители',
    render: ({ performers, share }) => (
      <>
        {performers}
        {share && (
          <Text span fz="xs" c="dimmed">
            {' '}
            (доля)
          </Text>
        )}
      </>
    ),
    text: ({ performers }) => performers,
  },
  { key: 'item', title: 'Услуга или товар', render: ({ item }) => item, text: ({ item }) => item },
  {
    key: 'quantity',
    title: 'Количество',
    width: 100,
    align: 'right',
    render: ({ quantity }) => <span className="tabular">{Number(quantity).toLocaleString('ru-RU')}</span>,
    text: ({ quantity }) => plain(quantity),
  },
  {
    key: 'discount',
    title: 'Скидка',
    width: 120,
    align: 'right',
    render: ({ sums }) => <SumOrNothing amount={sums.discount} />,
    text: ({ sums }) => plain(sums.discount),
  },
  {
    key: 'net',
    title: 'Начислено',
    width: 140,
    align: 'right',
    render: ({ sums }) => (
      <b>
        <Sum amount={sums.net} />
      </b>
    ),
    text: ({ sums }) => plain(sums.net),
  },
];
