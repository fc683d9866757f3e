/** Income of completed visits in a period, by groups, beside the period before. */
import { Group, Select, SimpleGrid, Text } from '@mantine/core';
import { IconChartBar, IconListDetails } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { optionsOf } from '@/components/fields/options';
import { IconLink, TextLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { searchChanged } from '@/components/list/listSearch';
import { onOnePage } from '@/components/list/wholeList';
import { Page } from '@/components/Page';
import { money, plain, Sum, SumOrNothing } from '@/entities/money/amounts';
import { sumColumn } from '@/entities/money/sumColumn';
import { kopecks } from '@/lib/text';
import { addDays, formatDate, mondayOf } from '@/lib/time';
import { Part } from './Bars';
import { Figure } from './Figure';
import { type Days, monthEnd } from './period';
import { PeriodChoice } from './PeriodChoice';
import { type Income, type IncomeGroup, incomeQuery, type IncomeTotals, workbookAddress } from './queries';
import { type By, GROUPED, type IncomeSearch, type LinesSearch } from './search';
import { SumBars } from './SumBars';
import { useDays } from './useDays';
import { WorkbookButton } from './WorkbookButton';

const route = getRouteApi('/shell/reports/income');

interface Row extends IncomeGroup {
  readonly id: string;
  readonly deleted: false;
}

const isTime = (by: By): by is 'day' | 'week' | 'month' => by === 'day' || by === 'week' || by === 'month';

export function IncomePage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { days, presets } = useDays(search);
  const { by = 'performer', employee } = search;
  const asked = { ...days, by, ...(employee === undefined ? {} : { employee }) };
  const { data, error, isPlaceholderData } = useQuery(incomeQuery(asked));
  const people = useQuery({ ...incomeQuery({ ...days, by: 'performer' }), enabled: employee !== undefined });
  const whose = people.data?.groups.find(({ key }) => key === employee)?.name;
  const change = (part: Partial<IncomeSearch>) => void navigate(searchChanged<IncomeSearch>(part));
  const rows = data?.groups.map((group) => ({ ...group, id: group.key, deleted: false as const }));
  const title = 'Выручка по выполненным визитам';
  return (
    <Page
      title={title}
      marks={
        employee !== undefined && (
          <Group gap={8}>
            <Text fw={500}>{whose ?? ''}</Text>
            <TextLink from="/reports/income" to="/reports/income" search={{ ...days, by }}>
              Показать всех
            </TextLink>
          </Group>
        )
      }
      actions={<WorkbookButton address={workbookAddress('income', asked)} name="Выручка" />}
    >
      <PeriodChoice days={days} presets={presets} onChange={(period) => change(period)} />
      {data !== undefined && <Totals income={data} days={days} employee={employee} />}
      {data !== undefined && (
        <Group grow mb="sm">
          <SumBars
            label="Начислено"
            step={data.step}
            points={data.points.map(({ day, net }) => ({ day, amount: net }))}
          />
        </Group>
      )}
      <ListTable
        {...onOnePage(rows)}
        name={`income-${by}`}
        label="Выручка"
        columns={columnsOf(by, days, employee, Math.max(...(rows ?? []).map(({ sums }) => kopecks(sums.net)), 1))}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconChartBar} title="Завершённых визитов нет">
            Выручка появится, когда визиты с услугами или товарами будут завершены. Попробуйте другой период.
          </Empty>
        }
        filters={
          <Select
            aria-label="Как сгруппировать"
            w={210}
            allowDeselect={false}
            data={optionsOf(GROUPED)}
            value={by}
            onChange={(next) => {
              const chosen = (Object.keys(GROUPED) as By[]).find((one) => one === next);
              if (chosen !== undefined) change({ by: chosen });
            }}
          />
        }
        nouns={['строка', 'строки', 'строк']}
        exportName="Выручка"
      />
    </Page>
  );
}

interface TotalsProps {
  readonly income: Income;
  readonly days: Days;
  readonly employee: string | undefined;
}

function Totals({ income, days, employee }: TotalsProps): ReactNode {
  const { totals, before, before_first: first, before_last: last } = income;
  const search: LinesSearch = { ...days, ...(employee === undefined ? {} : { employee }) };
  const than = (value: (of: IncomeTotals) => number) => changeOf(value(totals), value(before));
  const opened = (text: ReactNode, more: LinesSearch = {}) => (
    <TextLink to="/reports/income/lines" search={{ ...search, ...more }}>
      {text}
    </TextLink>
  );
  return (
    <>
      <SimpleGrid cols={{ base: 4, lg: employee === undefined ? 7 : 6 }} spacing="xs" mb={4}>
        <Figure title="Начислено" note={than(({ sums }) => kopecks(sums.net))}>
          {opened(money(totals.sums.net))}
        </Figure>
        <Figure title="Визитов" note={than(({ visits }) => visits)}>
          {opened(totals.visits.toLocaleString('ru-RU'))}
        </Figure>
        <Figure title="Пациентов" note={than(({ patients }) => patients)}>
          {opened(totals.patients.toLocaleString('ru-RU'))}
        </Figure>
        <Figure title="Первичных визитов" note={than(({ first_visits: firsts }) => firsts)}>
          {opened(totals.first_visits.toLocaleString('ru-RU'), { first: true })}
        </Figure>
        <Figure title="Средний чек" note={than(({ average }) => kopecks(average ?? '0'))}>
          {totals.average === null ? '–' : opened(money(totals.average))}
        </Figure>
        <Figure title="Скидки" note={than(({ sums }) => kopecks(sums.discount))}>
          {opened(money(totals.sums.discount))}
        </Figure>
        {totals.paid !== null && (
          <Figure title="Из них оплачено">
            <TextLink to="/reports/income/paid" search={days}>
              {money(totals.paid)}
            </TextLink>
          </Figure>
        )}
      </SimpleGrid>
      <Text fz="xs" c="dimmed" mb="xs">
        {first === last
          ? `Сравнение с тем же днём недели неделей раньше, ${formatDate(first)}`
          : `Сравнение с периодом ${formatDate(first)} – ${formatDate(last)}`}
      </Text>
    </>
  );
}

/** «+12 %» against before; of nothing there is no percentage. */
function changeOf(now: number, before: number): string {
  if (before === 0) return now === 0 ? 'без изменений' : 'раньше не было';
  const percent = Math.round(((now - before) / before) * 100);
  return percent === 0 ? 'без изменений' : `${percent > 0 ? '+' : '−'}${Math.abs(percent).toLocaleString('ru-RU')} %`;
}

/** What a row's figures open. */
function linesOf(by: By, { key }: Row, days: Days, employee: string | undefined): LinesSearch {
  const whose = employee === undefined ? {} : { employee };
  const until = (end: string) => ({ ...whose, from: key, to: end < days.to ? end : days.to });
  switch (by) {
    case 'performer':
      return { ...days, employee: key };
    case 'item':
      return { ...days, ...whose, item: key };
    case 'category':
      return { ...days, ...whose, category: key };
    case 'day':
      return until(key);
    case 'week':
      return until(addDays(mondayOf(key), 6));
    case 'month':
      return until(monthEnd(key));
  }
}

const HEADS: Record<By, string> = {
  performer: 'Исполнитель',
  item: 'Услуга или товар',
  category: 'Категория',
  day: 'День',
  week: 'Неделя',
  month: 'Месяц',
};

function columnsOf(by: By, days: Days, employee: string | undefined, most: number): readonly ListColumn<Row>[] {
  const named = (row: Row) => {
    if (!isTime(by)) return row.name;
    const { from = row.key, to = row.key } = linesOf(by, row, days, employee);
    return from === to ? formatDate(from) : `${formatDate(from)} – ${formatDate(to)}`;
  };
  const opened = (row: Row, text: ReactNode) => (
    <TextLink to="/reports/income/lines" search={linesOf(by, row, days, employee)}>
      {text}
    </TextLink>
  );
  const visits: ListColumn<Row> = {
    key: 'visits',
    title: 'Визитов',
    width: 100,
    align: 'right',
    render: (row) => row.visits !== null && opened(row, row.visits.toLocaleString('ru-RU')),
    text: (row) => String(row.visits ?? ''),
  };
  const quantity: ListColumn<Row> = {
    key: 'quantity',
    title: 'Количество',
    width: 110,
    align: 'right',
    render: (row) => <span className="tabular">{Number(row.quantity).toLocaleString('ru-RU')}</span>,
    text: (row) => plain(row.quantity),
  };
  return [
    {
      key: 'name',
      title: HEADS[by],
      render: (row) => (
        <Group gap={6} wrap="nowrap">
          {opened(row, named(row))}
          {by === 'performer' && employee === undefined && (
            <IconLink
              to="/reports/income"
              search={{ ...days, by: 'item', employee: row.key }}
              variant="subtle"
              size="sm"
              aria-label={`${row.name}: по услугам`}
              title="По услугам и товарам"
            >
              <IconListDetails size={16} stroke={1.6} aria-hidden />
            </IconLink>
          )}
        </Group>
      ),
      text: named,
    },
    ...(by === 'item' ? [visits, quantity] : by === 'category' ? [quantity] : [visits]),
    sumColumn('gross', 'Без скидок', ({ sums }) => sums.gross),
    {
      ...sumColumn<Row>('discount', 'Скидки', ({ sums }) => sums.discount),
      render: ({ sums }) => <SumOrNothing amount={sums.discount} />,
    },
    {
      ...sumColumn<Row>('net', 'Начислено', ({ sums }) => sums.net),
      render: (row) => <b>{opened(row, <Sum amount={row.sums.net} />)}</b>,
    },
    { key: 'part', title: '', width: 120, render: ({ sums }) => <Part part={kopecks(sums.net) / most} /> },
  ];
}
