/** What an organisation owes for patients in a period, visit by visit: printed or exported beside its invoice. */
import { IconScale } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { ButtonLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { PeriodInput } from '@/components/list/PeriodInput';
import { Page } from '@/components/Page';
import { plain, Sum } from '@/entities/money/amounts';
import { type RegisterItem, registerQuery, settlementQuery } from '@/entities/money/settlements';
import { Summed } from '@/entities/money/Summed';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { useRight } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { formatDate } from '@/lib/time';
import type { SettlementSearch } from './search';

const route = getRouteApi('/shell/settlements/$id/register');

interface Row extends Omit<RegisterItem, 'id'> {
  readonly id: string;
  readonly visit: string;
  readonly deleted: false;
}

/** One visit may be paid by several payments. */
const rowOf = (item: RegisterItem): Row => ({
  ...item,
  id: `${item.id}-${item.payment_number}`,
  visit: item.id,
  deleted: false,
});

export function RegisterPage(): ReactNode {
  const { id } = route.useParams();
  const { page = 1, from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const mayIssue = useRight('invoices');
  const settlement = useQuery(settlementQuery(id, { from, to, page: 1, size: 1 }));
  const { data, error, isPlaceholderData } = useQuery(registerQuery(id, { from, to, page, size: PAGE_SIZE }));
  const change = (part: SearchChange<SettlementSearch>) => void navigate(searchChanged(part));
  const name = settlement.data?.counterparty.name;
  const title = name === undefined ? 'Реестр услуг' : `Реестр услуг: ${name}`;
  return (
    <Page
      title={title}
      actions={
        <>
          <ButtonLink to="/settlements/$id" params={{ id }} search={{ from, to }} variant="default">
            К расчётам
          </ButtonLink>
          {mayIssue && (
            <ButtonLink to="/new-invoice" search={{ counterparty: id, from, to }}>
              Выставить счёт
            </ButtonLink>
          )}
        </>
      }
    >
      <ListTable
        name="organisation-register"
        label="Реестр услуг"
        columns={COLUMNS}
        rows={data?.items.map(rowOf)}
        total={data?.total}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconScale} title="Визитов нет">
            Здесь визиты, которые оплачены «В счёт организации». Измените период.
          </Empty>
        }
        sort=""
        page={page}
        onChange={change}
        filters={<PeriodInput label="Период" bare from={from} to={to} onChange={change} />}
        nouns={['визит', 'визита', 'визитов']}
        summary={data !== undefined && <Summed words=" на " amount={data.sum} />}
        loadAll={() =>
          allRows(async (at, size) => {
            const found = await queryClient.query(registerQuery(id, { from, to, page: at, size }));
            return { total: found.total, items: found.items.map(rowOf) };
          })
        }
        exportName={title}
        accessed={{ objectType: 'organisation_register', filter: { counterparty_id: id, from, to } }}
      />
    </Page>
  );
}

const COLUMNS: readonly ListColumn<Row>[] = [
  {
    key: 'starts_at',
    title: 'Дата',
    width: 110,
    render: ({ starts_at }) => <span className="tabular">{formatDate(starts_at)}</span>,
    text: ({ starts_at }) => formatDate(starts_at),
  },
  {
    key: 'visit',
    title: 'Визит',
    width: 90,
    render: ({ visit, visit_number: number }) => (
      <ObjectLink type="visit" id={visit} inherit>
        {`№ ${number}`}
      </ObjectLink>
    ),
    text: ({ visit_number: number }) => String(number),
  },
  {
    key: 'patient',
    title: 'Пациент',
    width: 240,
    render: ({ patient }) =>
      patient && (
        <ObjectLink type="patient" id={patient.id} inherit>
          {patient.name}
        </ObjectLink>
      ),
    text: ({ patient }) => patient?.name ?? '',
  },
  {
    key: 'card',
    title: 'Карта',
    width: 90,
    render: ({ card_number: card }) => card,
    text: ({ card_number: card }) => card,
  },
  {
    key: 'services',
    title: 'Услуги и товары',
    grow: true,
    render: ({ services }) => services,
    text: ({ services }) => services,
  },
  { key: 'doctor', title: 'Врач', width: 200, render: ({ doctor }) => doctor, text: ({ doctor }) => doctor },
  {
    key: 'sum',
    title: 'Сумма',
    width: 130,
    align: 'right',
    render: ({ sum }) => <Sum amount={sum} />,
    text: ({ sum }) => plain(sum),
  },
];
