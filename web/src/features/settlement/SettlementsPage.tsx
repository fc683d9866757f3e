/** What the clinic owes to each counterparty at the end of a day. */
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
import { isFiltered, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { SearchInput } from '@/components/list/SearchInput';
import { onOnePage } from '@/components/list/wholeList';
import { Page } from '@/components/Page';
import { plain, Sum } from '@/entities/money/amounts';
import { type Settlement, settlementsQuery } from '@/entities/money/settlements';
import { sparseSumColumn } from '@/entities/money/sumColumn';
import { Summed } from '@/entities/money/Summed';
import { formatDate } from '@/lib/time';
import { SHOWN, type SettlementsSearch } from './search';

const route = getRouteApi('/shell/settlements');

export function SettlementsPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { q = '', date, show = 'owing' } = search;
  const { data, error, isPlaceholderData } = useQuery(settlementsQuery({ q, day: date, show }));
  const change = (part: SearchChange<SettlementsSearch>) => void navigate(searchChanged(part));
  return (
    <Page title={date === undefined ? 'Расчёты с контрагентами' : `Расчёты с контрагентами на ${formatDate(date)}`}>
      <ListTable
        {...onOnePage(data?.items)}
        name="settlements"
        label="Расчёты с контрагентами"
        columns={columnsOf(date)}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconScale} title={isFiltered(search) ? 'Таких контрагентов нет' : 'Долгов и авансов нет'}>
            {isFiltered(search)
              ? 'Измените дату или другие условия.'
              : 'Долг появится, когда будет проведено поступление товаров от поставщика.'}
          </Empty>
        }
        filters={
          <>
            <SearchInput label="Контрагент" width={200} value={q} onSearch={(next) => change({ q: next })} />
            <EndOfDayInput day={date} onChange={change} />
            <Select
              aria-label="Кого показать"
              w={210}
              allowDeselect={false}
              data={optionsOf(SHOWN)}
              value={show}
              onChange={(next) => change({ show: next === 'all' ? next : undefined })}
            />
          </>
        }
        nouns={['контрагент', 'контрагента', 'контрагентов']}
        summary={
          data !== undefined && (
            <>
              <Summed words=": мы должны " amount={data.owed} />
              <Summed words=", нам должны " amount={data.advances} />
            </>
          )
        }
        exportName="Расчёты с контрагентами"
      />
    </Page>
  );
}

function columnsOf(date: string | undefined): readonly ListColumn<Settlement>[] {
  return [
    {
      key: 'name',
      title: 'Контрагент',
      render: ({ id, name }) => (
        <TextLink to="/settlements/$id" params={{ id }} search={date === undefined ? {} : { to: date }} fw={500}>
          {name}
        </TextLink>
      ),
      text: ({ name }) => name,
    },
    sparseSumColumn('received', 'Поставлено нам', ({ received }) => received),
    sparseSumColumn('paid', 'Оплачено нами', ({ paid }) => paid),
    sparseSumColumn('sold', 'Отпущено и оказано', ({ sold }) => sold),
    sparseSumColumn('got', 'Получено от них', ({ got }) => got),
    {
      key: 'debt',
      title: 'Наш долг',
      width: 150,
      align: 'right',
      render: ({ debt }) => (
        <b>
          <Sum amount={debt} />
        </b>
      ),
      text: ({ debt }) => plain(debt),
    },
  ];
}
