/** Invoices to organisations that pay for patients, with what is paid of each. */
import { Select } from '@mantine/core';
import { IconFileInvoice, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { optionsOf } from '@/components/fields/options';
import { ButtonLink, TextLink } from '@/components/links';
import { DeletedSwitch } from '@/components/list/DeletedSwitch';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, isFiltered, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { nameColumn } from '@/components/list/nameColumn';
import { PeriodInput } from '@/components/list/PeriodInput';
import { SearchInput } from '@/components/list/SearchInput';
import { useReturnColumn } from '@/components/list/useReturnColumn';
import { Mark } from '@/components/Mark';
import { Page } from '@/components/Page';
import { ReferenceFilter } from '@/entities/catalogue/ReferenceFilter';
import { sparseSumColumn, sumColumn } from '@/entities/money/sumColumn';
import { Summed } from '@/entities/money/Summed';
import { useMe, useRight } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { fromKopecks, kopecks } from '@/lib/text';
import { formatDate } from '@/lib/time';
import { type InvoiceItem, invoicesQuery, refreshInvoices, returnInvoice } from './queries';
import type { InvoicesSearch } from './search';
import { isState, LIKE, periodOf, STATES } from './states';

const route = getRouteApi('/shell/invoices');

export function InvoicesPage(): ReactNode {
  const { clinic } = useMe();
  const mayIssue = useRight('invoices');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { q = '', page = 1, counterparty, state, from, to } = search;
  const deleted = search.deleted ?? clinic.show_deleted;
  const filter = { q, counterparty_id: counterparty, state, from, to, deleted };
  const change = (part: SearchChange<InvoicesSearch>) => void navigate(searchChanged(part));
  const found = useQuery(invoicesQuery({ ...filter, page, size: PAGE_SIZE }));
  const returns = useReturnColumn<InvoiceItem>({
    nameOf: ({ number }) => `счёт № ${number}`,
    bringBack: returnInvoice,
    refresh: refreshInvoices,
  });
  const rest = found.data === undefined ? 0 : kopecks(found.data.sum) - kopecks(found.data.paid);
  return (
    <Page
      title="Счета организациям"
      actions={
        mayIssue && (
          <ButtonLink
            to="/new-invoice"
            search={{ counterparty, from, to }}
            leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
          >
            Новый счёт
          </ButtonLink>
        )
      }
    >
      <ListTable
        name="invoices"
        label="Счета организациям"
        columns={mayIssue && (deleted || state === 'annulled') ? [...COLUMNS, returns] : COLUMNS}
        rows={found.data?.items}
        total={found.data?.total}
        waiting={found.isPlaceholderData}
        error={found.error}
        empty={
          <Empty icon={IconFileInvoice} title={isFiltered(search) ? 'Таких счетов нет' : 'Счетов пока нет'}>
            {isFiltered(search)
              ? 'Измените период или другие условия.'
              : 'Счёт и акт выставляют страховой или другой организации за визиты, оплаченные «В счёт организации».'}
          </Empty>
        }
        sort=""
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput label="Номер, комментарий" width={180} value={q} onSearch={(next) => change({ q: next })} />
            <ReferenceFilter
              label="Организация"
              width={180}
              catalogue="counterparty"
              value={counterparty}
              onChange={(next) => change({ counterparty: next })}
            />
            <PeriodInput label="Дата счёта" bare from={from} to={to} onChange={change} />
            <Select
              aria-label="Состояние"
              placeholder="Любое состояние"
              w={170}
              clearable
              data={optionsOf(STATES)}
              value={state ?? null}
              onChange={(next) => change({ state: isState(next) ? next : undefined })}
            />
            <DeletedSwitch value={search.deleted} onChange={(next) => change({ deleted: next })} />
          </>
        }
        nouns={['счёт', 'счёта', 'счетов']}
        summary={
          found.data !== undefined && (
            <>
              <Summed words=" на " amount={found.data.sum} />
              <Summed words=", не оплачено " amount={fromKopecks(rest)} />
            </>
          )
        }
        loadAll={() => allRows((at, size) => queryClient.query(invoicesQuery({ ...filter, page: at, size })))}
        exportName="Счета организациям"
      />
    </Page>
  );
}

const COLUMNS: readonly ListColumn<InvoiceItem>[] = [
  nameColumn<InvoiceItem>({
    key: 'number',
    title: '№',
    width: 70,
    nameOf: ({ number }) => String(number),
    deletedWord: 'аннулирован',
    link: ({ id }, look) => <TextLink to="/invoices/$id" params={{ id }} {...look} />,
  }),
  {
    key: 'issued_on',
    title: 'Дата',
    width: 105,
    render: ({ issued_on: day }) => <span className="tabular">{formatDate(day)}</span>,
    text: ({ issued_on: day }) => formatDate(day),
  },
  {
    key: 'counterparty',
    title: 'Организация',
    render: ({ counterparty }) => counterparty.name,
    text: ({ counterparty }) => counterparty.name,
  },
  {
    key: 'period',
    title: 'Период',
    width: 190,
    render: (invoice) => <span className="tabular">{periodOf(invoice)}</span>,
    text: periodOf,
  },
  {
    key: 'visits',
    title: 'Строк',
    width: 70,
    align: 'right',
    render: ({ visits }) => visits,
    text: ({ visits }) => String(visits),
  },
  sumColumn('total', 'Сумма', ({ total }) => total, 130),
  sparseSumColumn('paid', 'Оплачено', ({ paid }) => paid, 130),
  {
    key: 'due_on',
    title: 'Оплатить до',
    width: 110,
    render: ({ due_on: day }) => day !== null && <span className="tabular">{formatDate(day)}</span>,
    text: ({ due_on: day }) => (day === null ? '' : formatDate(day)),
  },
  {
    key: 'state',
    title: 'Состояние',
    width: 150,
    render: ({ state }) => <Mark like={LIKE[state]}>{STATES[state]}</Mark>,
    text: ({ state }) => STATES[state],
  },
];
