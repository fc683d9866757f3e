/** Load of doctors and rooms in a period, and at which hours of the week visits are. */
import { Group, Paper, Select, SimpleGrid, Text } from '@mantine/core';
import { IconClockHour4 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { optionsOf } from '@/components/fields/options';
import { TextLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { searchChanged } from '@/components/list/listSearch';
import { onOnePage } from '@/components/list/wholeList';
import { Page } from '@/components/Page';
import { useRight } from '@/lib/api/me';
import { Part } from './Bars';
import { Figure } from './Figure';
import { HeatMap } from './HeatMap';
import { type Days } from './period';
import { PeriodChoice } from './PeriodChoice';
import { loadQuery, type LoadRow, workbookAddress } from './queries';
import type { LoadSearch } from './search';
import { useDays } from './useDays';
import { WorkbookButton } from './WorkbookButton';

const route = getRouteApi('/shell/reports/load');
const OF = { doctors: 'Врачи', rooms: 'Кабинеты' } as const;

type VisitStatus = 'booked' | 'completed' | 'no_show' | 'cancelled';

interface Row extends LoadRow {
  readonly id: string;
  readonly deleted: false;
}

/** «12,5 ч» */
const hours = (minutes: number) => `${(Math.round(minutes / 6) / 10).toLocaleString('ru-RU')} ч`;
const plainHours = (minutes: number) => (minutes / 60).toFixed(2).replace('.', ',');
const percents = (tenths: number | null) => (tenths === null ? '–' : `${(tenths / 10).toLocaleString('ru-RU')} %`);

export function LoadPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { days, presets } = useDays(search);
  const of: keyof typeof OF = search.of ?? 'doctors';
  const asked = { ...days, of };
  const { data, error, isPlaceholderData } = useQuery(loadQuery(asked));
  const listsVisits = useRight('visits');
  const change = (part: Partial<LoadSearch>) => void navigate(searchChanged<LoadSearch>(part));
  const rows = data?.rows.map((row) => ({ ...row, id: row.key, deleted: false as const }));
  return (
    <Page
      title="Загрузка врачей и кабинетов"
      actions={<WorkbookButton address={workbookAddress('load', asked)} name="Загрузка" />}
    >
      <PeriodChoice days={days} presets={presets} longest={366} onChange={(period) => change(period)} />
      {data !== undefined && data.sum.visits > 0 && (
        <SimpleGrid cols={{ base: 3, lg: 6 }} spacing="xs" mb="sm">
          <Figure title="Загрузка">{percents(data.sum.percent)}</Figure>
          <Figure title="Рабочее время">{hours(data.sum.working)}</Figure>
          <Figure title="Занято визитами">{hours(data.sum.booked)}</Figure>
          <Figure title="Состоялось">{hours(data.sum.completed)}</Figure>
          <Figure title="Не пришли">{hours(data.sum.no_show)}</Figure>
          <Figure title="Отменено">{hours(data.sum.cancelled)}</Figure>
        </SimpleGrid>
      )}
      <ListTable
        {...onOnePage(rows)}
        name={`load-${of}`}
        label="Загрузка"
        columns={columnsOf(of, days, listsVisits)}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconClockHour4} title="Показать нечего">
            {of === 'doctors'
              ? 'В этом периоде нет ни рабочих часов врачей, ни визитов.'
              : 'Заведите кабинеты и укажите их в визитах.'}
          </Empty>
        }
        filters={
          <Select
            aria-label="Чья загрузка"
            w={140}
            allowDeselect={false}
            data={optionsOf(OF)}
            value={of}
            onChange={(next) => void navigate(searchChanged<LoadSearch>({ of: next === 'rooms' ? next : undefined }))}
          />
        }
        nouns={of === 'doctors' ? ['врач', 'врача', 'врачей'] : ['кабинет', 'кабинета', 'кабинетов']}
        exportName="Загрузка"
      />
      {data !== undefined && data.cells.length > 0 && (
        <Paper withBorder p="md" mt="md">
          <Group justify="space-between" mb="xs">
            <Text component="h2" fw={600}>
              Когда заняты
            </Text>
            <Text fz="sm" c="dimmed">
              часы визитов по дням недели и времени за весь период
            </Text>
          </Group>
          <HeatMap cells={data.cells} />
        </Paper>
      )}
    </Page>
  );
}

function columnsOf(of: 'doctors' | 'rooms', days: Days, listsVisits: boolean): readonly ListColumn<Row>[] {
  /** `status`: of the visits that the hours open. */
  const column = (
    key: string,
    title: string,
    minutes: (row: Row) => number,
    status?: VisitStatus,
  ): ListColumn<Row> => ({
    key,
    title,
    width: 120,
    align: 'right',
    render: (row) =>
      minutes(row) > 0 &&
      (status !== undefined && of === 'doctors' && row.key !== '' && listsVisits ? (
        <TextLink to="/visits" search={{ ...days, doctor: row.key, status }} className="tabular">
          {hours(minutes(row))}
        </TextLink>
      ) : (
        <span className="tabular">{hours(minutes(row))}</span>
      )),
    text: (row) => plainHours(minutes(row)),
  });
  return [
    {
      key: 'name',
      title: of === 'doctors' ? 'Врач' : 'Кабинет',
      render: ({ key, name }) =>
        of === 'doctors' && key !== '' && listsVisits ? (
          <TextLink to="/visits" search={{ ...days, doctor: key }} fw={500}>
            {name}
          </TextLink>
        ) : (
          name
        ),
      text: ({ name }) => name,
    },
    column('working', 'Рабочих', ({ working }) => working),
    column('booked', 'Занято', ({ booked }) => booked, 'booked'),
    column('completed', 'Состоялось', ({ completed }) => completed, 'completed'),
    column('no_show', 'Не пришли', ({ no_show: missed }) => missed, 'no_show'),
    column('cancelled', 'Отменено', ({ cancelled }) => cancelled, 'cancelled'),
    {
      key: 'visits',
      title: 'Визитов',
      width: 90,
      align: 'right',
      render: ({ key, visits }) =>
        of === 'doctors' && key !== '' && listsVisits && visits > 0 ? (
          <TextLink to="/visits" search={{ ...days, doctor: key, status: 'booked' }} className="tabular">
            {visits.toLocaleString('ru-RU')}
          </TextLink>
        ) : (
          <span className="tabular">{visits.toLocaleString('ru-RU')}</span>
        ),
      text: ({ visits }) => String(visits),
    },
    {
      key: 'percent',
      title: 'Загрузка',
      width: 110,
      align: 'right',
      render: ({ percent }) => <b className="tabular">{percents(percent)}</b>,
      text: ({ percent }) => (percent === null ? '' : String(percent / 10).replace('.', ',')),
    },
    { key: 'part', title: '', width: 120, render: ({ percent }) => <Part part={(percent ?? 0) / 1000} /> },
  ];
}
