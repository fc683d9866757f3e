/** What each cash desk has at the end of a day. */
import { IconCash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { TextLink } from '@/components/links';
import { EndOfDayInput } from '@/components/list/EndOfDayInput';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { onOnePage } from '@/components/list/wholeList';
import { Mark } from '@/components/Mark';
import { Page } from '@/components/Page';
import { plain, Sum } from '@/entities/money/amounts';
import { type DeskBalance, deskBalancesQuery } from '@/entities/money/desks';
import { sparseSumColumn } from '@/entities/money/sumColumn';
import { Summed } from '@/entities/money/Summed';
import { formatDate } from '@/lib/time';

const route = getRouteApi('/shell/money');

export function DesksPage(): ReactNode {
  const { date } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, isPlaceholderData } = useQuery(deskBalancesQuery(date));
  return (
    <Page title={date === undefined ? 'Остатки в кассах' : `Остатки в кассах на конец ${formatDate(date)}`}>
      <ListTable
        {...onOnePage(data?.items)}
        name="desk-balances"
        label="Остатки в кассах"
        columns={columnsOf(date)}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconCash} title="Касс пока нет">
            Их добавляют в справочнике «Кассы».
          </Empty>
        }
        filters={
          <EndOfDayInput
            day={date}
            onChange={({ date: day }) => void navigate({ search: day === undefined ? {} : { date: day } })}
          />
        }
        nouns={['касса', 'кассы', 'касс']}
        summary={data !== undefined && <Summed words=", всего " amount={data.total} />}
        exportName="Остатки в кассах"
      />
    </Page>
  );
}

function columnsOf(date: string | undefined): readonly ListColumn<DeskBalance>[] {
  return [
    {
      key: 'name',
      title: 'Касса',
      render: ({ id, name, deleted }) => (
        <>
          <TextLink
            to="/money/desks/$id"
            params={{ id }}
            search={date === undefined ? {} : { from: date, to: date }}
            fw={500}
          >
            {name}
          </TextLink>
          {deleted && (
            <Mark like="planned" ml={6}>
              удалена
            </Mark>
          )}
        </>
      ),
      text: ({ name }) => name,
    },
    {
      key: 'kind',
      title: 'Вид',
      width: 150,
      render: ({ kind_title: title }) => title,
      text: ({ kind_title: title }) => title,
    },
    sparseSumColumn('opening', 'На начало', ({ day }) => day.opening, 120),
    sparseSumColumn('income', 'Приход', ({ day }) => day.income, 120),
    sparseSumColumn('outgo', 'Расход', ({ day }) => day.outgo, 120),
    sparseSumColumn('in', 'Из касс', ({ day }) => day.transfer_in, 120),
    sparseSumColumn('out', 'В кассы', ({ day }) => day.transfer_out, 120),
    {
      key: 'balance',
      title: 'Остаток',
      width: 150,
      align: 'right',
      render: ({ balance }) => (
        <b>
          <Sum amount={balance} />
        </b>
      ),
      text: ({ balance }) => plain(balance),
    },
    {
      key: 'closed',
      title: 'Закрыта по',
      width: 120,
      render: ({ closed_on: day }) => <span className="tabular">{day === null ? '' : formatDate(day)}</span>,
      text: ({ closed_on: day }) => (day === null ? '' : formatDate(day)),
    },
  ];
}
