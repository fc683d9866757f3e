/** Who owes how much since when, and who has paid ahead, at the end of a day. */
import { Select, SimpleGrid } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { optionsOf } from '@/components/fields/options';
import { TextLink } from '@/components/links';
import { EndOfDayInput } from '@/components/list/EndOfDayInput';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import {
  allRows,
  isFiltered,
  orderOf,
  PAGE_SIZE,
  type SearchChange,
  searchChanged,
} from '@/components/list/listSearch';
import { SearchInput } from '@/components/list/SearchInput';
import { Page } from '@/components/Page';
import { PhoneLink } from '@/components/PhoneLink';
import { money, SumOrNothing } from '@/entities/money/amounts';
import { sparseSumColumn } from '@/entities/money/sumColumn';
import { useRight } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { counted, formatPhone } from '@/lib/text';
import { formatDate } from '@/lib/time';
import { Figure } from './Figure';
import { type Debtor, debtsQuery, workbookAddress } from './queries';
import { DEBTS, type DebtsSearch, type DebtsShown } from './search';
import { WorkbookButton } from './WorkbookButton';

const route = getRouteApi('/shell/reports/debts');
const ORDERS = ['name', '-name', 'debt', '-debt', 'prepaid', '-prepaid', 'oldest', '-oldest'] as const;
const AGES = ['До 30 дней', '31–90 дней', '91–180 дней', 'Старше'] as const;

interface Row extends Debtor {
  readonly deleted: false;
}

export function DebtsPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const opens = useRight('patient_finances');
  const { q = '', date, show = 'debts', page = 1 } = search;
  const sort = orderOf(search, ORDERS, '-debt');
  const asked = { q, show, sort, ...(date === undefined ? {} : { day: date }) };
  const { data, error, isPlaceholderData } = useQuery(debtsQuery({ ...asked, page, size: PAGE_SIZE }));
  const change = (part: SearchChange<DebtsSearch>) => void navigate(searchChanged(part));
  const rowOf = (debtor: Debtor): Row => ({ ...debtor, deleted: false });
  const totals = data?.totals;
  return (
    <Page
      title={date === undefined ? 'Долги и авансы' : `Долги и авансы на ${formatDate(date)}`}
      actions={<WorkbookButton address={workbookAddress('debts', asked)} name="Долги и авансы" />}
    >
      {totals !== undefined && (
        <SimpleGrid cols={{ base: 3, lg: 6 }} spacing="xs" mb="sm">
          <Figure title="Долги" note={counted(totals.debtors, 'пациент', 'пациента', 'пациентов')}>
            {money(totals.debt)}
          </Figure>
          {AGES.map((title, at) => (
            <Figure key={title} title={title}>
              {money(totals.aged[at] ?? '0')}
            </Figure>
          ))}
          <Figure title="Авансы" note={counted(totals.payers, 'пациент', 'пациента', 'пациентов')}>
            {money(totals.prepaid)}
          </Figure>
        </SimpleGrid>
      )}
      <ListTable
        name="debts"
        label="Долги и авансы"
        columns={columnsOf(opens)}
        rows={data?.items.map(rowOf)}
        total={data?.total}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconScale} title={isFiltered(search) ? 'Таких пациентов нет' : 'Никто не должен'}>
            {isFiltered(search)
              ? 'Измените дату или другие условия.'
              : 'Долг появляется, когда завершённый визит оплачен не полностью.'}
          </Empty>
        }
        sort={sort}
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput label="Пациент" width={200} value={q} onSearch={(next) => change({ q: next })} />
            <EndOfDayInput day={date} onChange={change} />
            <Select
              aria-label="Кого показать"
              w={220}
              allowDeselect={false}
              data={optionsOf(DEBTS)}
              value={show}
              onChange={(next) => change({ show: next === 'debts' ? undefined : (next as DebtsShown) })}
            />
          </>
        }
        nouns={['пациент', 'пациента', 'пациентов']}
        loadAll={() =>
          allRows(async (at, size) => {
            const found = await queryClient.query(debtsQuery({ ...asked, page: at, size }));
            return { ...found, items: found.items.map(rowOf) };
          })
        }
        exportName="Долги и авансы"
        accessed={{ objectType: 'debt_report', filter: { ...asked, sort: undefined } }}
      />
    </Page>
  );
}

function columnsOf(opens: boolean): readonly ListColumn<Row>[] {
  return [
    {
      key: 'name',
      title: 'Пациент',
      sort: 'name',
      render: ({ id, name }) =>
        opens ? (
          <TextLink to="/patients/$id" params={{ id }} search={{ tab: 'finances' }} fw={500}>
            {name}
          </TextLink>
        ) : (
          name
        ),
      text: ({ name }) => name,
    },
    {
      key: 'phone',
      title: 'Телефон',
      width: 150,
      render: ({ phone }) => phone !== '' && <PhoneLink phone={phone} />,
      text: ({ phone }) => formatPhone(phone),
    },
    {
      ...sparseSumColumn<Row>('debt', 'Долг', ({ debt }) => debt, 110),
      sort: 'debt',
      render: ({ debt }) => (
        <b>
          <SumOrNothing amount={debt} />
        </b>
      ),
    },
    ...AGES.map((title, at) => sparseSumColumn<Row>(`age-${at}`, title, ({ aged }) => aged[at] ?? '0', 110)),
    {
      key: 'oldest',
      title: 'Долг с',
      width: 110,
      sort: 'oldest',
      render: ({ oldest }) => oldest !== null && <span className="tabular">{formatDate(oldest)}</span>,
      text: ({ oldest }) => (oldest === null ? '' : formatDate(oldest)),
    },
    { ...sparseSumColumn<Row>('prepaid', 'Аванс', ({ prepaid }) => prepaid, 110), sort: 'prepaid' },
  ];
}
