/** The list of one kind of stock documents, made of what the server says of the kind. */
import { Select } from '@mantine/core';
import { IconFileInvoice, IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { NEW } from '@/components/card/CardPage';
import { Empty } from '@/components/Empty';
import { optionsOf } from '@/components/fields/options';
import { ButtonLink } from '@/components/links';
import { DeletedSwitch } from '@/components/list/DeletedSwitch';
import { ListTable } from '@/components/list/ListTable';
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
import { useStillHere } from '@/components/ownPage';
import { Page } from '@/components/Page';
import { ReferenceFilter } from '@/entities/catalogue/ReferenceFilter';
import { Summed } from '@/entities/money/Summed';
import { SaleButton } from '@/entities/sale/SaleButton';
import { askPast } from '@/entities/stock/askPast';
import {
  type DocumentsFilter,
  refreshStock,
  returnDocument,
  type StockKind,
  type StockDocumentItem,
  stockDocumentsQuery,
} from '@/entities/stock/queries';
import { useMe } from '@/lib/api/me';
import { documentColumns } from './documentColumns';
import { KindTabs } from './KindTabs';
import { originOf } from './returnDraft';
import { type DocumentsSearch, STATES } from './search';
import { useKind } from './useKind';

const route = getRouteApi('/shell/stock/$kind/');

export function DocumentsPage(): ReactNode {
  const kind = useKind();
  // columns, search and what is being typed belong to one kind
  return <KindPage key={kind.key} kind={kind} />;
}

const ORDERS = ['moment', '-moment', 'number', '-number', 'total', '-total'] as const;

function KindPage({ kind }: { readonly kind: StockKind }): ReactNode {
  const me = useMe();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const isStillHere = useStillHere();
  const page = search.page ?? 1;
  const deleted = search.deleted ?? me.clinic.show_deleted;
  const supplier = kind.fields.find(({ name }) => name === 'counterparty_id');
  const sort = orderOf(search, ORDERS, '-moment');
  const filter: DocumentsFilter = {
    q: search.q ?? '',
    from: search.from,
    to: search.to,
    warehouse_id: search.warehouse,
    counterparty_id: supplier === undefined ? undefined : search.counterparty,
    goods_id: search.goods,
    state: search.state,
    deleted,
    sort,
  };
  const documents = useQuery(stockDocumentsQuery(kind, { ...filter, page, size: PAGE_SIZE }));
  const change = (part: SearchChange<DocumentsSearch>) => void navigate(searchChanged(part));
  const returns = useReturnColumn<StockDocumentItem>({
    nameOf: ({ number }) => `${kind.one_title} № ${number}`,
    bringBack: (document) =>
      askPast((accepted) => returnDocument(kind, document, accepted), 'Всё равно вернуть', isStillHere),
    refresh: refreshStock,
  });
  const columns = documentColumns(kind);
  const sum = documents.data?.sum;
  const origin = originOf(kind);
  const filtered = isFiltered(search);

  return (
    <Page
      title={kind.title}
      actions={
        <>
          {kind.key === 'goods_issue' && <SaleButton />}
          {origin === undefined && (
            <ButtonLink
              to="/stock/$kind/$id"
              params={{ kind: kind.key, id: NEW }}
              leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
            >
              Новый документ
            </ButtonLink>
          )}
        </>
      }
    >
      <KindTabs />
      <ListTable
        name={`stock-${kind.key}`}
        label={kind.title}
        columns={deleted ? [...columns, returns] : columns}
        rows={documents.data?.items}
        total={documents.data?.total}
        waiting={documents.isPlaceholderData}
        error={documents.error}
        empty={
          <Empty icon={IconFileInvoice} title={filtered ? 'Таких документов нет' : 'Документов пока нет'}>
            {filtered ? 'Измените период или другие условия.' : beginning(origin !== undefined)}
          </Empty>
        }
        sort={sort}
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput label="№, комментарий" width={175} value={search.q ?? ''} onSearch={(q) => change({ q })} />
            <PeriodInput label="Период" bare from={search.from} to={search.to} onChange={change} width={200} />
            <ReferenceFilter
              label="Склад"
              placeholder="Все склады"
              catalogue="warehouse"
              width={150}
              value={search.warehouse}
              onChange={(warehouse) => change({ warehouse })}
            />
            {supplier !== undefined && (
              <ReferenceFilter
                label={supplier.label}
                catalogue="counterparty"
                width={150}
                value={search.counterparty}
                onChange={(counterparty) => change({ counterparty })}
              />
            )}
            <ReferenceFilter
              label="Товар"
              placeholder="Все товары"
              catalogue="goods"
              width={150}
              value={search.goods}
              onChange={(goods) => change({ goods })}
            />
            <Select
              aria-label="Состояние"
              placeholder="Все состояния"
              w={150}
              clearable
              data={optionsOf(STATES)}
              value={search.state ?? null}
              onChange={(state) => change({ state: state ?? undefined })}
            />
            <DeletedSwitch value={search.deleted} onChange={(next) => change({ deleted: next })} />
          </>
        }
        nouns={['документ', 'документа', 'документов']}
        summary={sum !== null && sum !== undefined && <Summed words=" на сумму " amount={sum} />}
        loadAll={() => allRows((at, size) => queries.query(stockDocumentsQuery(kind, { ...filter, page: at, size })))}
        exportName={kind.title}
      />
    </Page>
  );
}

function beginning(comesOfAnother: boolean): string {
  return comesOfAnother
    ? 'Возврат оформляют в расходной накладной: откройте её и нажмите «Возврат».'
    : 'Первый добавит кнопка «Новый документ» справа вверху.';
}
