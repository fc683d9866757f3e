/** The list of one kind of money documents, made of what the server says of the kind. */
import { IconCash, IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { NEW } from '@/components/card/CardPage';
import { Empty } from '@/components/Empty';
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
import { Page } from '@/components/Page';
import { ReferenceFilter } from '@/entities/catalogue/ReferenceFilter';
import { ChoiceSelect } from '@/entities/catalogue/ReferenceSelect';
import {
  articleChoicesQuery,
  type Direction,
  type MoneyDocumentItem,
  moneyDocumentsQuery,
  type MoneyFilter,
  type MoneyKind,
  refreshMoney,
  returnMoneyDocument,
} from '@/entities/money/queries';
import { EmployeeFilter } from '@/entities/money/EmployeeFilter';
import { PatientFilter } from '@/entities/patient/PatientFilter';
import { Summed } from '@/entities/money/Summed';
import { askPast } from '@/entities/payroll/askPast';
import { returnCertificate, returnPayment, returnRefund } from '@/entities/payment/queries';
import { useMe } from '@/lib/api/me';
import { moneyColumns } from './moneyColumns';
import { MoneyTabs } from './MoneyTabs';
import type { MoneySearch } from './search';
import { useMoneyKind } from './useMoneyKind';

const route = getRouteApi('/shell/money/$kind/');

export function MoneyDocumentsPage(): ReactNode {
  const kind = useMoneyKind();
  // columns, search and what is being typed belong to one kind
  return <KindPage key={kind.key} kind={kind} />;
}

/** Money of patients is brought back by its own address. */
const RETURNING: Readonly<Record<string, ((row: MoneyDocumentItem) => Promise<unknown>) | undefined>> = {
  payment: returnPayment,
  refund: returnRefund,
  certificate: returnCertificate,
};
const ORDERS = ['moment', '-moment', 'number', '-number', 'total', '-total'] as const;

function KindPage({ kind }: { readonly kind: MoneyKind }): ReactNode {
  const me = useMe();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const page = search.page ?? 1;
  const deleted = search.deleted ?? me.clinic.show_deleted;
  const party = kind.fields.find(({ name }) => name === 'counterparty_id');
  const { direction } = kind;
  const sort = orderOf(search, ORDERS, '-moment');
  const filter: MoneyFilter = {
    q: search.q ?? '',
    from: search.from,
    to: search.to,
    desk_id: search.desk,
    counterparty_id: party === undefined ? undefined : search.counterparty,
    article_id: direction === null ? undefined : search.article,
    patient_id: direction === null ? undefined : search.patient,
    employee_id: direction === 'outgo' ? search.employee : undefined,
    author_id: search.author,
    deleted,
    sort,
  };
  const documents = useQuery(moneyDocumentsQuery(kind, { ...filter, page, size: PAGE_SIZE }));
  const change = (part: SearchChange<MoneySearch>) => void navigate(searchChanged(part));
  const returns = useReturnColumn<MoneyDocumentItem>({
    nameOf: ({ title }) => title,
    bringBack: (row) =>
      RETURNING[row.kind]?.(row) ??
      askPast(
        (accepted) => returnMoneyDocument(kind, row, accepted),
        'Всё равно вернуть',
        () => true,
      ),
    refresh: refreshMoney,
  });
  const columns = moneyColumns(kind);
  const filtered = isFiltered(search);

  return (
    <Page
      title={kind.title}
      actions={
        <ButtonLink
          to="/money/$kind/$id"
          params={{ kind: kind.key, id: NEW }}
          search={search.desk === undefined ? {} : { desk: search.desk }}
          leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
        >
          Новый документ
        </ButtonLink>
      }
    >
      <MoneyTabs />
      <ListTable
        name={`money-${kind.key}`}
        label={kind.title}
        columns={deleted ? [...columns, returns] : columns}
        rows={documents.data?.items}
        total={documents.data?.total}
        waiting={documents.isPlaceholderData}
        error={documents.error}
        empty={
          <Empty icon={IconCash} title={filtered ? 'Таких документов нет' : 'Документов пока нет'}>
            {filtered ? 'Измените период или другие условия.' : 'Первый добавит кнопка «Новый документ» справа вверху.'}
          </Empty>
        }
        sort={sort}
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput label="№, комментарий" width={160} value={search.q ?? ''} onSearch={(q) => change({ q })} />
            <PeriodInput label="Период" bare from={search.from} to={search.to} onChange={change} width={190} />
            <ReferenceFilter
              label="Касса"
              placeholder="Все кассы"
              catalogue="cash_desk"
              width={125}
              value={search.desk}
              onChange={(desk) => change({ desk })}
            />
            {party !== undefined && (
              <ReferenceFilter
                label="Контрагент"
                catalogue="counterparty"
                width={130}
                value={search.counterparty}
                onChange={(counterparty) => change({ counterparty })}
              />
            )}
            {direction !== null && (
              <ArticleFilter direction={direction} value={search.article} onChange={(article) => change({ article })} />
            )}
            {direction !== null && <PatientFilter value={search.patient} onChange={(patient) => change({ patient })} />}
            {direction === 'outgo' && (
              <EmployeeFilter
                label="Сотрудник"
                width={130}
                value={search.employee}
                onChange={(employee) => change({ employee })}
              />
            )}
            <EmployeeFilter
              label="Автор"
              width={130}
              value={search.author}
              onChange={(author) => change({ author })}
            />
            <DeletedSwitch value={search.deleted} onChange={(next) => change({ deleted: next })} />
          </>
        }
        nouns={['документ', 'документа', 'документов']}
        summary={documents.data !== undefined && <Summed words=" на сумму " amount={documents.data.sum} />}
        loadAll={() => allRows((at, size) => queries.query(moneyDocumentsQuery(kind, { ...filter, page: at, size })))}
        exportName={kind.title}
      />
    </Page>
  );
}

interface ArticleFilterProps {
  readonly direction: Direction;
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
}

function ArticleFilter({ direction, value = '', onChange }: ArticleFilterProps): ReactNode {
  const { data } = useQuery(articleChoicesQuery(direction));
  return (
    <ChoiceSelect
      aria-label="Статья"
      placeholder="Все статьи"
      w={125}
      choices={data?.items}
      known={data === undefined || value === '' ? null : { id: value, name: 'Запись' }}
      value={value}
      onChange={(id) => onChange(id === '' ? undefined : id)}
    />
  );
}
