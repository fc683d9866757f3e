/** An invoice to an organisation as it was issued, and what is paid of it. */
import { Alert, Button, Group, Table, Text } from '@mantine/core';
import { IconBan, IconHistory, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { askFirst } from '@/components/askFirst';
import { NEW } from '@/components/card/CardPage';
import { ButtonLink, TextLink } from '@/components/links';
import { Loading } from '@/components/Loading';
import { Mark } from '@/components/Mark';
import { reportDone, reportProblem } from '@/components/notices';
import { Page } from '@/components/Page';
import { PaperButton } from '@/components/papers';
import { ProblemAlert } from '@/components/ProblemAlert';
import { isNothing } from '@/entities/money/amounts';
import { Fact } from '@/entities/money/Fact';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { useRight } from '@/lib/api/me';
import { fromKopecks, kopecks, rubles } from '@/lib/text';
import { formatDate } from '@/lib/time';
import { InvoicedVisits } from './InvoicedVisits';
import { annulInvoice, type Invoice, invoiceQuery, refreshInvoices, returnInvoice } from './queries';
import { LIKE, periodOf, STATES } from './states';

const route = getRouteApi('/shell/invoices/$id');

export function InvoicePage(): ReactNode {
  const { id } = route.useParams();
  const { data: invoice, error } = useQuery(invoiceQuery(id));
  return (
    <Page
      title={invoice === undefined ? 'Счёт организации' : `Счёт № ${invoice.number} от ${formatDate(invoice.issued_on)}`}
      actions={
        <>
          <ButtonLink to="/invoices" variant="default">
            К списку
          </ButtonLink>
          {invoice !== undefined && <Actions invoice={invoice} />}
        </>
      }
    >
      <ProblemAlert error={error} title="Счёт не открылся" />
      {invoice === undefined ? (
        error === null && <Loading height={320} what="Счёт загружается" />
      ) : (
        <Shown invoice={invoice} />
      )}
    </Page>
  );
}

function Shown({ invoice }: { readonly invoice: Invoice }): ReactNode {
  const { counterparty, act_on: act, due_on: due, state, total, paid, comment, incomes, deleted } = invoice;
  const rest = fromKopecks(kopecks(total) - kopecks(paid));
  return (
    <>
      {deleted && (
        <Alert color="gray" title="Счёт аннулирован" mb="sm">
          Его визиты можно выставить другим счётом.
        </Alert>
      )}
      <Group gap="xs" mb="xs">
        <TextLink to="/settlements/$id" params={{ id: counterparty.id }} fw={600}>
          {counterparty.name}
        </TextLink>
        <Mark like={LIKE[state]}>{STATES[state]}</Mark>
      </Group>
      <Text fz="sm" c="dimmed" mb="sm">
        {[
          `Оплаты ${periodOf(invoice)}`,
          `акт от ${formatDate(act)}`,
          due === null ? '' : `оплатить до ${formatDate(due)}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      <Group gap="sm" mb="sm">
        <Fact title="Сумма счёта" amount={total} />
        <Fact title="Оплачено" amount={paid} />
        {!deleted && <Fact title="Осталось" amount={rest} />}
      </Group>
      {comment !== '' && (
        <Text mb="sm" style={{ whiteSpace: 'pre-line' }}>
          {comment}
        </Text>
      )}
      <InvoicedVisits lines={invoice.lines} />
      {incomes.length > 0 && (
        <>
          <Text component="h2" fw={600} mt="md" mb={6}>
            Оплаты
          </Text>
          <Table withTableBorder maw={520} aria-label="Оплаты счёта">
            <Table.Tbody>
              {incomes.map(({ id, number, day, sum }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    <ObjectLink type="money_income" id={id} inherit>
                      {`Приход средств № ${number}`}
                    </ObjectLink>
                  </Table.Td>
                  <Table.Td>{formatDate(day)}</Table.Td>
                  <Table.Td ta="right" className="tabular">
                    {rubles(sum)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
    </>
  );
}

function Actions({ invoice }: { readonly invoice: Invoice }): ReactNode {
  const { id, number, counterparty, total, paid, deleted } = invoice;
  const mayIssue = useRight('invoices');
  const mayGet = useRight('money_incomes');
  const mayRead = useRight('journal');
  const annulling = useChange(() => annulInvoice(invoice), `Счёт № ${number} аннулирован. Его можно вернуть`);
  const returning = useChange(() => returnInvoice(invoice), `Счёт № ${number} возвращён`);
  const rest = fromKopecks(kopecks(total) - kopecks(paid));
  return (
    <>
      <PaperButton label="Счёт" address={`/api/invoices/${id}/invoice.pdf`} />
      <PaperButton label="Акт" address={`/api/invoices/${id}/act.pdf`} />
      {mayRead && (
        <ButtonLink
          to="/history/$type/$id"
          params={{ type: 'invoice', id }}
          variant="default"
          leftSection={<IconHistory size={17} stroke={1.6} aria-hidden />}
        >
          История
        </ButtonLink>
      )}
      {mayIssue && deleted && (
        <Button loading={returning.isPending} onClick={() => returning.mutate()}>
          Вернуть
        </Button>
      )}
      {mayIssue && !deleted && (
        <Button
          variant="subtle"
          color="red"
          leftSection={<IconBan size={16} stroke={1.7} aria-hidden />}
          loading={annulling.isPending}
          onClick={() =>
            askFirst({
              title: `Аннулировать счёт № ${number}?`,
              means: 'Его визиты можно будет выставить другим счётом. Номер снова не используется, счёт можно вернуть.',
              confirm: 'Аннулировать',
              cancel: 'Не аннулировать',
              onConfirm: () => annulling.mutate(),
            })
          }
        >
          Аннулировать
        </Button>
      )}
      {mayGet && !deleted && !isNothing(rest) && (
        <ButtonLink
          to="/money/$kind/$id"
          params={{ kind: 'money_income', id: NEW }}
          search={{ counterparty: counterparty.id, sum: rest, invoice: id }}
          leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
        >
          Получить деньги
        </ButtonLink>
      )}
    </>
  );
}

function useChange(change: () => Promise<unknown>, done: string) {
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await refreshInvoices();
      reportDone(done);
    },
    onError: (error) => {
      reportProblem(error, 'Не получилось');
      void refreshInvoices();
    },
  });
}
