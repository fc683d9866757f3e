/** What each employee is owed at the end of a day. */
import { Select } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { optionsOf } from '@/components/fields/options';
import { TextLink } from '@/components/links';
import { EndOfDayInput } from '@/components/list/EndOfDayInput';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { type SearchChange, searchChanged } from '@/components/list/listSearch';
import { onOnePage } from '@/components/list/wholeList';
import { Page } from '@/components/Page';
import { sumColumn } from '@/entities/money/sumColumn';
import { Summed } from '@/entities/money/Summed';
import { type PaySettlement, paySettlementsQuery } from '@/entities/payroll/queries';
import { formatDate } from '@/lib/time';
import { PayrollTabs } from './PayrollTabs';
import { SHOWN, type SettlementsSearch } from './search';

const route = getRouteApi('/shell/pay-settlements');

export function SettlementsPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { date, show = 'owing' } = search;
  const { data, error, isPlaceholderData } = useQuery(paySettlementsQuery({ day: date, show }));
  const change = (part: SearchChange<SettlementsSearch>) => void navigate(searchChanged(part));
  return (
    <Page title={date === undefined ? 'Расчёты с сотрудниками' : `Расчёты с сотрудниками на ${formatDate(date)}`}>
      <PayrollTabs />
      <ListTable
        {...onOnePage(data?.items)}
        name="pay-settlements"
        label="Расчёты с сотрудниками"
        columns={columnsOf(date)}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconScale} title="Долгов по зарплате нет">
            Долг появится, когда будет проведено начисление, и уменьшится выплатой по нему.
          </Empty>
        }
        filters={
          <>
            <EndOfDayInput day={date} onChange={change} />
            <Select
              aria-label="Кого показать"
              w={220}
              allowDeselect={false}
              data={optionsOf(SHOWN)}
              value={show}
              onChange={(next) => change({ show: next === 'all' ? next : undefined })}
            />
          </>
        }
        nouns={['сотрудник', 'сотрудника', 'сотрудников']}
        summary={
          data !== undefined && (
            <>
              <Summed words=": мы должны " amount={data.owed} />
              <Summed words=", переплачено " amount={data.overpaid} />
            </>
          )
        }
        exportName="Расчёты с сотрудниками"
      />
    </Page>
  );
}

function columnsOf(date: string | undefined): readonly ListColumn<PaySettlement>[] {
  return [
    {
      key: 'name',
      title: 'Сотрудник',
      render: ({ id, name, deleted }) => (
        <TextLink
          to="/pay-settlements/$id"
          params={{ id }}
          search={date === undefined ? {} : { to: date }}
          fw={500}
          c={deleted ? 'dimmed' : undefined}
        >
          {name}
        </TextLink>
      ),
      text: ({ name }) => name,
    },
    sumColumn('accrued', 'Начислено', ({ accrued }) => accrued),
    sumColumn('paid', 'Выплачено', ({ paid }) => paid),
    sumColumn('owed', 'Мы должны', ({ owed }) => owed),
  ];
}
