/** The list of accruals. */
import { Select } from '@mantine/core';
import { IconCoins, IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { NEW } from '@/components/card/CardPage';
import { Empty } from '@/components/Empty';
import { optionsOf } from '@/components/fields/options';
import { ButtonLink, TextLink } from '@/components/links';
import { DeletedSwitch } from '@/components/list/DeletedSwitch';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import {
  allRows,
  isFiltered,
  orderOf,
  PAGE_SIZE,
  type SearchChange,
  searchChanged,
} from '@/components/list/listSearch';
import { PeriodInput } from '@/components/list/PeriodInput';
import { SearchInput } from '@/components/list/SearchInput';
import { useReturnColumn } from '@/components/list/useReturnColumn';
import { Mark } from '@/components/Mark';
import { Page } from '@/components/Page';
import { ChoiceSelect } from '@/entities/catalogue/ReferenceSelect';
import { plain, Sum, SumOrNothing } from '@/entities/money/amounts';
import { Summed } from '@/entities/money/Summed';
import {
  type AccrualItem,
  accrualsQuery,
  payEmployeesQuery,
  refreshPay,
  returnAccrual,
} from '@/entities/payroll/queries';
import { useMe } from '@/lib/api/me';
import { formatDate } from '@/lib/time';
import { PayrollTabs } from './PayrollTabs';
import type { AccrualsSearch } from './search';

const route = getRouteApi('/shell/pay-accruals');
const ORDERS = ['day', '-day', 'number', '-number'] as const;
const ANY = 'any';
const STATES = { [ANY]: 'Все', posted: 'Проведённые', draft: 'Черновики' } as const;

export function AccrualsPage(): ReactNode {
  const me = useMe();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const employees = useQuery(payEmployeesQuery).data?.items;
  const page = search.page ?? 1;
  const deleted = search.deleted ?? me.clinic.show_deleted;
  const sort = orderOf(search, ORDERS, '-day');
  const filter = {
    q: search.q ?? '',
    from: search.from,
    to: search.to,
    employee_id: search.employee,
    state: search.state,
    deleted,
    sort,
  };
  const accruals = useQuery(accrualsQuery({ ...filter, page, size: PAGE_SIZE }));
  const change = (part: SearchChange<AccrualsSearch>) => void navigate(searchChanged(part));
  const returns = useReturnColumn<AccrualItem>({
    nameOf: ({ number }) => `Начисление ЗП № ${number}`,
    bringBack: returnAccrual,
    refresh: refreshPay,
  });
  const filtered = isFiltered(search);
  return (
    <Page
      title="Начисления ЗП"
      actions={
        <ButtonLink
          to="/pay-accruals/$id"
          params={{ id: NEW }}
          search={search.employee === undefined ? {} : { employee: search.employee }}
          leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
        >
          Новое начисление
        </ButtonLink>
      }
    >
      <PayrollTabs />
      <ListTable
        name="pay-accruals"
        label="Начисления ЗП"
        columns={deleted ? [...COLUMNS, returns] : COLUMNS}
        rows={accruals.data?.items}
        total={accruals.data?.total}
        waiting={accruals.isPlaceholderData}
        error={accruals.error}
        empty={
          <Empty icon={IconCoins} title={filtered ? 'Таких начислений нет' : 'Начислений пока нет'}>
            {filtered ? 'Измените период или другие условия.' : 'Начислить всем сразу можно на вкладке «Расчёт».'}
          </Empty>
        }
        sort={sort}
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput label="№, комментарий" width={160} value={search.q ?? ''} onSearch={(q) => change({ q })} />
            <PeriodInput label="Период" bare from={search.from} to={search.to} onChange={change} width={190} />
            <ChoiceSelect
              aria-label="Сотрудник"
              placeholder="Все сотрудники"
              w={200}
              choices={employees}
              known={search.employee === undefined ? null : { id: search.employee, name: 'Сотрудник' }}
              value={search.employee ?? ''}
              onChange={(id) => change({ employee: id === '' ? undefined : id })}
            />
            <Select
              aria-label="Состояние"
              w={150}
              allowDeselect={false}
              data={optionsOf(STATES)}
              value={search.state ?? ANY}
              onChange={(state) => change({ state: state === 'draft' || state === 'posted' ? state : undefined })}
            />
            <DeletedSwitch value={search.deleted} onChange={(next) => change({ deleted: next })} />
          </>
        }
        nouns={['начисление', 'начисления', 'начислений']}
        summary={accruals.data !== undefined && <Summed words=", проведено на " amount={accruals.data.sum} />}
        loadAll={() => allRows((at, size) => queries.query(accrualsQuery({ ...filter, page: at, size })))}
        exportName="Начисления ЗП"
      />
    </Page>
  );
}

const periodOf = ({ first, last }: AccrualItem) => `${formatDate(first)} – ${formatDate(last)}`;

const COLUMNS: readonly ListColumn<AccrualItem>[] = [
  {
    key: 'number',
    title: '№',
    sort: 'number',
    width: 112,
    render: ({ id, number, posted, deleted }) => (
      <>
        <TextLink
          to="/pay-accruals/$id"
          params={{ id }}
          search={{}}
          className="tabular"
          fw={500}
          c={deleted ? 'dimmed' : undefined}
        >
          {number}
        </TextLink>
        {deleted ? <Mark like="planned">удалено</Mark> : !posted && <Mark like="planned">черновик</Mark>}
      </>
    ),
    text: ({ number }) => String(number),
  },
  {
    key: 'day',
    title: 'Дата',
    sort: 'day',
    width: 115,
    render: ({ day }) => <span className="tabular">{formatDate(day)}</span>,
    text: ({ day }) => formatDate(day),
  },
  {
    key: 'employee',
    title: 'Сотрудник',
    grow: true,
    render: ({ employee }) => employee.name,
    text: ({ employee }) => employee.name,
  },
  {
    key: 'period',
    title: 'Период',
    width: 205,
    render: (row) => <span className="tabular">{periodOf(row)}</span>,
    text: periodOf,
  },
  {
    key: 'total',
    title: 'Начислено',
    width: 145,
    align: 'right',
    render: ({ posted, total }) => (posted ? <Sum amount={total} /> : null),
    text: ({ posted, total }) => (posted ? plain(total) : ''),
  },
  {
    key: 'paid',
    title: 'Выплачено',
    width: 145,
    align: 'right',
    render: ({ paid }) => <SumOrNothing amount={paid} />,
    text: ({ paid }) => plain(paid),
  },
  {
    key: 'comment',
    title: 'Комментарий',
    optional: true,
    grow: true,
    render: ({ comment }) => comment,
    text: ({ comment }) => comment,
  },
];
