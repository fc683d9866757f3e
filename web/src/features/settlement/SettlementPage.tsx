/** Settlements with one counterparty: its documents with the debt after each, and receipts that aren't paid whole. */
import { Group, Table, Text } from '@mantine/core';
import { IconPlus, IconScale } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { NEW } from '@/components/card/CardPage';
import { Empty } from '@/components/Empty';
import { ButtonLink } from '@/components/links';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { PeriodInput } from '@/components/list/PeriodInput';
import { Page } from '@/components/Page';
import { isBelow, isNothing, money } from '@/entities/money/amounts';
import { Fact } from '@/entities/money/Fact';
import { type CounterpartySettlement, type SettlementDocument, settlementQuery } from '@/entities/money/settlements';
import { sumColumn } from '@/entities/money/sumColumn';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { useRight } from '@/lib/api/me';
import type { ObjectType } from '@/lib/api/objectTypes';
import { queryClient } from '@/lib/api/queries';
import { fromKopecks, kopecks, plural } from '@/lib/text';
import { formatMoment } from '@/lib/time';
import type { SettlementSearch } from './search';

const route = getRouteApi('/shell/settlements/$id');

interface Row extends SettlementDocument {
  readonly id: string;
  readonly deleted: false;
}

const rowOf = (document: SettlementDocument): Row => ({ ...document, id: document.document_id, deleted: false });

export function SettlementPage(): ReactNode {
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayPay = useRight('money_outgoes');
  const mayGet = useRight('money_incomes');
  const mayIssue = useRight('invoices');
  const { page = 1, from, to } = search;
  const { data, error, isPlaceholderData } = useQuery(settlementQuery(id, { from, to, page, size: PAGE_SIZE }));
  const change = (part: SearchChange<SettlementSearch>) => void navigate(searchChanged(part));
  return (
    <Page
      title={data?.counterparty.name ?? 'Расчёты с контрагентом'}
      actions={
        <>
          {data !== undefined && !isNothing(data.counterparty.sold) && (
            <ButtonLink to="/settlements/$id/register" params={{ id }} search={{ from, to }} variant="default">
              Реестр услуг
            </ButtonLink>
          )}
          {data !== undefined && (data.invoices.length > 0 || !isNothing(data.counterparty.sold)) && (
            <ButtonLink to="/invoices" search={{ counterparty: id }} variant="default">
              Счета
            </ButtonLink>
          )}
          {mayIssue && data !== undefined && !isNothing(data.not_invoiced) && (
            <ButtonLink to="/new-invoice" search={{ counterparty: id, from, to }} variant="default">
              Выставить счёт
            </ButtonLink>
          )}
          <ButtonLink to="/settlements" variant="default">
            Ко всем
          </ButtonLink>
          {mayGet && data !== undefined && isBelow(data.counterparty.debt) && (
            <ButtonLink
              to="/money/$kind/$id"
              params={{ kind: 'money_income', id: NEW }}
              search={{ counterparty: id, sum: data.counterparty.debt.slice(1) }}
              leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
            >
              Получить деньги
            </ButtonLink>
          )}
          {mayPay && (
            <ButtonLink
              variant={data !== undefined && isBelow(data.counterparty.debt) ? 'default' : 'filled'}
              to="/money/$kind/$id"
              params={{ kind: 'money_outgo', id: NEW }}
              search={{ counterparty: id }}
              leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
            >
              Оплатить
            </ButtonLink>
          )}
        </>
      }
    >
      {data !== undefined && <Facts settlement={data} />}
      {data !== undefined && <UnpaidInvoices invoices={data.invoices} />}
      <ListTable
        name="settlement"
        label="Документы с контрагентом"
        columns={COLUMNS}
        rows={data?.items.map(rowOf)}
        total={data?.total}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconScale} title="Документов нет">
            Здесь будут поступления и возвраты товаров, оплаты за пациентов, расходы и приходы средств с этим контрагентом.
          </Empty>
        }
        sort=""
        page={page}
        onChange={change}
        filters={<PeriodInput label="Период" bare from={from} to={to} onChange={change} />}
        nouns={['документ', 'документа', 'документов']}
        loadAll={() =>
          allRows(async (at, size) => {
            const found = await queryClient.query(settlementQuery(id, { from, to, page: at, size }));
            return { ...found, items: found.items.map(rowOf) };
          })
        }
        exportName={data?.counterparty.name ?? 'Расчёты'}
      />
      {data !== undefined && <Unpaid receipts={data.unpaid} />}
    </Page>
  );
}

function Facts({ settlement }: { readonly settlement: CounterpartySettlement }): ReactNode {
  const { counterparty, advance, not_invoiced: notInvoiced } = settlement;
  const { debt } = counterparty;
  return (
    <Group gap="sm" mb="sm">
      <Fact title={isBelow(debt) ? 'Нам должны' : 'Мы должны'} amount={debt.replace(/^-/, '')} />
      <Fact title="Поставлено за вычетом возвратов" amount={counterparty.received} />
      <Fact title="Оплачено" amount={counterparty.paid} />
      {!isNothing(counterparty.sold) && <Fact title="Отпущено и оказано им" amount={counterparty.sold} />}
      {!isNothing(counterparty.got) && <Fact title="Получено от них" amount={counterparty.got} />}
      {!isNothing(notInvoiced) && <Fact title="Не выставлено счетами" amount={notInvoiced} />}
      {!isNothing(advance) && <Fact title="Из оплат не распределено" amount={advance} />}
    </Group>
  );
}

function Unpaid({ receipts }: { readonly receipts: CounterpartySettlement['unpaid'] }): ReactNode {
  if (receipts.length === 0) return null;
  return (
    <>
      <Text component="h2" fw={600} mt="md" mb={6}>
        Неоплаченные поступления
      </Text>
      <Table withTableBorder maw={900} aria-label="Неоплаченные поступления">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Поступление</Table.Th>
            <Table.Th>Накладная поставщика</Table.Th>
            <Table.Th ta="right">Сумма</Table.Th>
            <Table.Th ta="right">Оплачено</Table.Th>
            <Table.Th ta="right">Осталось</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {receipts.map(({ id, name, suppliers_number: number, due, paid }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <ObjectLink type="stock_receipt" id={id} inherit>
                  {name}
                </ObjectLink>
              </Table.Td>
              <Table.Td>{number}</Table.Td>
              <Table.Td ta="right" className="tabular">
                {money(due)}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {isNothing(paid) ? '' : money(paid)}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                <b>{money(fromKopecks(kopecks(due) - kopecks(paid)))}</b>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

const days = (count: number) => `${count} ${plural(count, 'день', 'дня', 'дней')}`;

/** What an organisation owes by invoices, with its age. */
function UnpaidInvoices({ invoices }: { readonly invoices: CounterpartySettlement['invoices'] }): ReactNode {
  if (invoices.length === 0) return null;
  return (
    <>
      <Text component="h2" fw={600} mb={6}>
        Неоплаченные счета
      </Text>
      <Table withTableBorder maw={900} mb="md" aria-label="Неоплаченные счета">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Счёт</Table.Th>
            <Table.Th ta="right">Сумма</Table.Th>
            <Table.Th ta="right">Оплачено</Table.Th>
            <Table.Th ta="right">Осталось</Table.Th>
            <Table.Th>Возраст</Table.Th>
            <Table.Th>Просрочен</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {invoices.map(({ id, name, due, paid, age, late }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <ObjectLink type="invoice" id={id} inherit>
                  {name}
                </ObjectLink>
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {money(due)}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {isNothing(paid) ? '' : money(paid)}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                <b>{money(fromKopecks(kopecks(due) - kopecks(paid)))}</b>
              </Table.Td>
              <Table.Td>{days(age)}</Table.Td>
              <Table.Td>{late > 0 ? days(late) : ''}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

const titled = ({ title, number }: Row) => `${title} № ${number}`;

const COLUMNS: readonly ListColumn<Row>[] = [
  {
    key: 'moment',
    title: 'Дата и время',
    width: 150,
    render: ({ moment }) => <span className="tabular">{formatMoment(moment)}</span>,
    text: ({ moment }) => formatMoment(moment),
  },
  {
    key: 'document',
    title: 'Документ',
    render: (row) => (
      <ObjectLink type={row.kind as ObjectType} id={row.document_id} inherit fw={500}>
        {titled(row)}
      </ObjectLink>
    ),
    text: titled,
  },
  sumColumn('more', 'Долг вырос', ({ change }) => (isBelow(change) ? '' : change)),
  sumColumn('less', 'Долг уменьшился', ({ change }) => (isBelow(change) ? change.slice(1) : '')),
  sumColumn('debt', 'Наш долг', ({ debt }) => debt),
];
