import { Button, Group, Menu, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconCash, IconDotsVertical, IconFileCertificate } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { askFirst } from '@/components/askFirst';
import { Empty } from '@/components/Empty';
import { DateField } from '@/components/fields/DateField';
import { ButtonLink } from '@/components/links';
import { reportDone, reportProblem } from '@/components/notices';
import { PaperButton, PaperItem } from '@/components/papers';
import { ProblemAlert } from '@/components/ProblemAlert';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { chargeName } from '@/entities/payment/chargeName';
import { PaymentDialog } from '@/entities/payment/PaymentDialog';
import {
  accountQuery,
  type AccountPayment,
  type AccountRefund,
  type AccountVisit,
  deletePayment,
  deleteRefund,
  type PatientAccount,
  refreshPayments,
} from '@/entities/payment/queries';
import { ReceiptState } from '@/entities/payment/receiptStates';
import { SaleButton } from '@/entities/sale/SaleButton';
import { SaleReturnDialog } from '@/entities/sale/SaleReturnDialog';
import { useRight } from '@/lib/api/me';
import { capital, rubles } from '@/lib/text';
import { formatDate, formatTime, isLocalDate } from '@/lib/time';
import classes from './PatientFinances.module.css';
import { RefundDialog } from './RefundDialog';

interface PatientFinancesProps {
  readonly patient: { readonly id: string; readonly name: string };
}

/** The patient's account: charged, paid, owed and paid in advance, now or on an earlier day. */
export function PatientFinances({ patient }: PatientFinancesProps) {
  const [day, setDay] = useState('');
  const at = isLocalDate(day) ? `${day}T23:59` : undefined;
  const account = useQuery({ ...accountQuery(patient.id, at), placeholderData: keepPreviousData });
  const mayPay = useRight('payments');
  const mayCertify = useRight('tax_certificates');
  const [paying, setPaying] = useState(false);
  const [refunding, setRefunding] = useState<AccountPayment | null>(null);
  return (
    <Paper withBorder p="lg" component="section" aria-label="Финансы">
      <Stack gap="lg">
        <Group justify="space-between" align="end">
          <DateField label="На дату" w={170} leaning="past" value={day} onChange={setDay} />
          {at === undefined && (
            <Group gap="sm">
              {Number(account.data?.debt ?? 0) > 0 && (
                <PaperButton label="Счёт" address={`/api/patients/${patient.id}/bill.pdf`} />
              )}
              {mayCertify && (
                <ButtonLink
                  to="/tax-certificates/$id"
                  params={{ id: 'new' }}
                  search={{ patient: patient.id }}
                  variant="default"
                  leftSection={<IconFileCertificate size={17} stroke={1.7} aria-hidden />}
                >
                  Справка для налоговой
                </ButtonLink>
              )}
              <SaleButton patient={patient} />
              {mayPay && (
                <Button leftSection={<IconCash size={17} stroke={1.7} aria-hidden />} onClick={() => setPaying(true)}>
                  Принять оплату
                </Button>
              )}
            </Group>
          )}
        </Group>
        <ProblemAlert error={account.error} title="Счёт пациента не загрузился" />
        {account.data === undefined ? (
          account.isPending && <Skeleton h={200} />
        ) : (
          <Account account={account.data} past={at !== undefined} onRefund={setRefunding} />
        )}
      </Stack>
      {paying && <PaymentDialog patient={patient} onClose={() => setPaying(false)} />}
      {refunding !== null && <RefundDialog payment={refunding} onClose={() => setRefunding(null)} />}
    </Paper>
  );
}

interface AccountProps {
  readonly account: PatientAccount;
  /** Of an earlier day: nothing is changed from there. */
  readonly past: boolean;
  readonly onRefund: (payment: AccountPayment) => void;
}

function Account({ account, past, onRefund }: AccountProps) {
  const { charged, paid, debt, prepayment } = account;
  return (
    <>
      <div className={classes.sums}>
        <Figure label="Оказано услуг" sum={charged} />
        <Figure label="Оплачено" sum={paid} />
        <Figure label="Долг" sum={debt} color={Number(debt) > 0 ? 'red' : undefined} />
        <Figure label="Аванс" sum={prepayment} color={Number(prepayment) > 0 ? 'teal' : undefined} />
      </div>
      <div>
        <Title order={2}>{account.visits.some(({ kind }) => kind === 'sale') ? 'Визиты и покупки' : 'Визиты'}</Title>
        {account.visits.length === 0 && <Empty icon={IconCash} title="Платить пока не за что" />}
        <ul className={classes.rows}>
          {account.visits.map((visit) => (
            <VisitRow key={visit.id} visit={visit} past={past} />
          ))}
        </ul>
      </div>
      {account.payments.length > 0 && (
        <div>
          <Title order={2}>Оплаты</Title>
          <ul className={classes.rows}>
            {account.payments.map((payment) => (
              <PaymentRow key={payment.id} payment={payment} past={past} onRefund={onRefund} />
            ))}
          </ul>
        </div>
      )}
      {account.refunds.length > 0 && (
        <div>
          <Title order={2}>Возвраты</Title>
          <ul className={classes.rows}>
            {account.refunds.map((refund) => (
              <RefundRow key={refund.id} refund={refund} past={past} />
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function Figure({ label, sum, color }: { label: string; sum: string; color?: string | undefined }) {
  return (
    <div>
      <Text fz="sm" c="dimmed">
        {label}
      </Text>
      <Text fz="xl" fw={700} c={color}>
        {rubles(sum)}
      </Text>
    </div>
  );
}

function VisitRow({ visit, past }: { visit: AccountVisit; past: boolean }) {
  const due = Number(visit.due) > 0;
  const isVisit = visit.kind === 'visit';
  const mayReturn = useRight('refunds');
  const [returning, setReturning] = useState(false);
  const of = visit.status === 'completed' ? (visit.doctor?.name ?? 'Без врача') : 'Ещё не завершён';
  return (
    <li className={`${classes.row} ${classes.charge}`}>
      <div>
        <ObjectLink type={isVisit ? 'visit' : 'goods_issue'} id={visit.id} fw={500}>
          {`${capital(chargeName(visit))} от ${formatDate(visit.starts_at)}`}
        </ObjectLink>
        <Text fz="sm" c="dimmed">
          {isVisit ? of : 'Без визита'}
          {Number(visit.returned) > 0 && ` · возвращено на ${rubles(visit.returned)}`}
        </Text>
        {returning && <SaleReturnDialog sale={visit} onClose={() => setReturning(false)} />}
      </div>
      <Text fz="sm" c={due && visit.status === 'completed' ? 'red' : 'dimmed'}>
        {due ? `не оплачено ${rubles(visit.due)}` : isVisit ? 'оплачен' : Number(visit.total) > 0 ? 'оплачено' : 'возвращено'}
      </Text>
      <Text className={classes.sum}>{rubles(visit.total)}</Text>
      {!isVisit && mayReturn && !past ? (
        <RowMenu label={capital(chargeName(visit))}>
          <Menu.Item onClick={() => setReturning(true)}>Возврат товаров…</Menu.Item>
        </RowMenu>
      ) : (
        <span />
      )}
    </li>
  );
}

interface PaymentRowProps {
  readonly payment: AccountPayment;
  readonly past: boolean;
  readonly onRefund: (payment: AccountPayment) => void;
}

function PaymentRow({ payment, past, onRefund }: PaymentRowProps) {
  const mayRefund = useRight('refunds');
  const remove = useRemoval(deletePayment, 'Оплата удалена');
  const { number, moment, desk, cash, certificate, payer, shares, refunded, rest, text, receipt } = payment;
  const left = Number(payment.sum) - Number(refunded) > 0;
  const details = [
    ...shares.map((share) => `${chargeName(share)}: ${rubles(share.sum)}`),
    ...(Number(rest) > 0 ? [`аванс: ${rubles(rest)}`] : []),
    ...(Number(refunded) > 0 ? [`возвращено: ${rubles(refunded)}`] : []),
    ...(payer === null ? [] : [`плательщик: ${payer.name}`]),
    ...(text === '' ? [] : [text]),
  ];
  return (
    <li className={classes.row}>
      <div>
        <ObjectLink type="payment" id={payment.id} fw={500}>
          {`Оплата № ${number} от ${formatDate(moment)}, ${formatTime(moment)}`}
        </ObjectLink>
        <Text fz="sm" c="dimmed">
          {[
            desk?.name ?? (certificate === null ? 'в счёт организации' : `сертификат ${certificate.name}`),
            ...details,
          ].join(' · ')}
          <Receipt receipt={receipt} />
        </Text>
      </div>
      <Text className={classes.sum}>{rubles(payment.sum)}</Text>
      {!past && (mayRefund || cash) ? (
        <RowMenu label={`Оплата № ${number}`}>
          {cash && <PaperItem label="Приходный кассовый ордер" address={`/api/payments/${payment.id}/order.pdf`} />}
          {mayRefund && left && <Menu.Item onClick={() => onRefund(payment)}>Вернуть деньги…</Menu.Item>}
          {mayRefund && (
            <Menu.Item
              c="var(--mantine-color-error)"
              onClick={() =>
                askFirst({
                  title: `Удалить оплату № ${number}?`,
                  means:
                    'Удаляют ошибочно внесённую оплату: визиты станут неоплаченными. Деньги пациенту возвращают возвратом.',
                  onConfirm: () => remove.mutate(payment),
                })
              }
            >
              Удалить
            </Menu.Item>
          )}
        </RowMenu>
      ) : (
        <span />
      )}
    </li>
  );
}

function RefundRow({ refund, past }: { refund: AccountRefund; past: boolean }) {
  const mayRefund = useRight('refunds');
  const remove = useRemoval(deleteRefund, 'Возврат удалён');
  const { number, moment, desk, cash, certificate, payment_number: payment, text, receipt } = refund;
  const where = desk?.name ?? (certificate === null ? 'в счёт организации' : `на сертификат ${certificate.name}`);
  return (
    <li className={classes.row}>
      <div>
        <ObjectLink type="refund" id={refund.id} fw={500}>
          {`Возврат № ${number} от ${formatDate(moment)}, ${formatTime(moment)}`}
        </ObjectLink>
        <Text fz="sm" c="dimmed">
          {[`оплата № ${payment}`, where, ...(text === '' ? [] : [text])].join(' · ')}
          <Receipt receipt={receipt} />
        </Text>
      </div>
      <Text className={classes.sum}>−{rubles(refund.sum)}</Text>
      {!past && (mayRefund || cash) ? (
        <RowMenu label={`Возврат № ${number}`}>
          {cash && <PaperItem label="Расходный кассовый ордер" address={`/api/refunds/${refund.id}/order.pdf`} />}
          {mayRefund && (
            <Menu.Item
              c="var(--mantine-color-error)"
              onClick={() =>
                askFirst({
                  title: `Удалить возврат № ${number}?`,
                  means: 'Деньги снова станут авансом пациента.',
                  onConfirm: () => remove.mutate(refund),
                })
              }
            >
              Удалить
            </Menu.Item>
          )}
        </RowMenu>
      ) : (
        <span />
      )}
    </li>
  );
}

function Receipt({ receipt }: { receipt: AccountPayment['receipt'] }) {
  if (receipt === null) return null;
  return (
    <>
      {' · '}
      <ReceiptState {...receipt} />
    </>
  );
}

function RowMenu({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-sm" aria-label={`${label}: действия`}>
          <IconDotsVertical size={16} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}

function useRemoval<T>(remove: (one: T) => Promise<unknown>, done: string) {
  return useMutation({
    mutationFn: remove,
    onSuccess: async () => {
      await refreshPayments();
      reportDone(done);
    },
    onError: (error) => {
      reportProblem(error, 'Не удалено');
      void refreshPayments();
    },
  });
}
