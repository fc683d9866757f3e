import { Button, Checkbox, Divider, Group, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from '@/components/fields/Form';
import { LeaveQuestion, useClosing } from '@/components/LeaveQuestion';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import { limits } from '@/lib/api/limits';
import { fromKopecks, kopecks, rubles } from '@/lib/text';
import { formatDate } from '@/lib/time';
import { isChosen, type Payer, PayerField, payerOf } from './PayerField';
import classes from './PaymentDialog.module.css';
import { chargeName } from './chargeName';
import { type Draft, restFor, settle } from './paymentDraft';
import { PayingRows, Summary } from './PayingRows';
import { sentPart, typedParts } from './payingParts';
import {
  type AccountVisit,
  type Certificate,
  pay,
  type PaymentStart,
  paymentStartQuery,
  refreshPayments,
} from './queries';

interface PaymentDialogProps {
  readonly patient: { readonly id: string; readonly name: string };
  /** The visit that is to be paid; without one the patient pays debts, or in advance. */
  readonly visit?: { readonly id: string; readonly number: number } | undefined;
  readonly onClose: () => void;
}

/** Takes a payment by desks, certificate and earlier prepayments, in any mixture. */
export function PaymentDialog({ patient, visit, onClose }: PaymentDialogProps) {
  useReturnFocus();
  const start = useQuery(paymentStartQuery(patient.id, visit?.id));
  const [typed, setTyped] = useState(false);
  const { close, blocker } = useClosing(typed, onClose);
  return (
    <>
      <Modal
        opened
        onClose={close}
        size="lg"
        closeOnClickOutside={false}
        title={visit === undefined ? `Оплата: ${patient.name}` : `Оплата визита № ${visit.number}: ${patient.name}`}
      >
        <ProblemAlert error={start.error} title="Не удалось узнать, сколько к оплате" />
        {start.data === undefined ? (
          start.error === null && <Skeleton h={260} />
        ) : (
          <div onInput={() => setTyped(true)}>
            <Window key={patient.id} patient={patient.id} start={start.data} onPaid={onClose} onCancel={close} />
          </div>
        )}
      </Modal>
      <LeaveQuestion blocker={blocker} />
    </>
  );
}

interface WindowProps {
  readonly patient: string;
  readonly start: PaymentStart;
  readonly onPaid: () => void;
  readonly onCancel: () => void;
}

function Window({ patient, start, onPaid, onCancel }: WindowProps) {
  const isStillHere = useStillHere();
  const [sums, setSums] = useState<Readonly<Record<string, string>>>({});
  const [certificate, setCertificate] = useState<Certificate | null>(null);
  const [others, setOthers] = useState<ReadonlySet<string>>(
    new Set(start.visit === null ? start.others.map(({ id }) => id) : []),
  );
  const [usesPrepayment, setUsesPrepayment] = useState(true);
  const [keepsRest, setKeepsRest] = useState(start.visit === null && start.others.length === 0);
  const [receiptTo, setReceiptTo] = useState(start.payer === null ? start.receipt_to : '');
  const [payer, setPayer] = useState<Payer>(payerOf(start.payer));

  const own = start.visit === null ? [] : [start.visit];
  const draft: Draft = {
    parts: typedParts(start, sums, certificate, payer.kind === 'counterparty'),
    visits: [...start.others.filter(({ id }) => others.has(id)), ...own].filter(({ due }) => Number(due) > 0),
    prepayments: usesPrepayment ? start.prepayments : [],
    keepsRest,
  };
  const result = settle(draft);
  const prepaid = start.prepayments.reduce((total, { rest }) => total + kopecks(rest), 0);

  const paying = useMutation({
    mutationFn: () =>
      pay({
        patient_id: patient,
        moment: start.moment,
        parts: result.parts.map(sentPart),
        visits: result.visits.map(({ id, sum }) => ({ visit_id: id, sum: fromKopecks(sum) })),
        prepayments: result.prepayments.map(({ id, sum }) => ({ payment_id: id, sum: fromKopecks(sum) })),
        keeps_rest: keepsRest,
        receipt_to: payer.kind === 'counterparty' ? '' : receiptTo,
        ...(payer.kind === 'patient' && payer.person !== null ? { payer_id: payer.person.id } : {}),
        ...(payer.kind === 'counterparty' ? { counterparty_id: payer.organisation.id } : {}),
        comment: '',
      }),
    onSuccess: async () => {
      await refreshPayments();
      reportDone(result.change > 0 ? `Оплата принята. Сдача: ${rubles(fromKopecks(result.change))}` : 'Оплата принята');
      if (isStillHere()) onPaid();
    },
    onError: () => void refreshPayments(),
  });

  return (
    <Form creating={paying.isPending} onSubmit={() => paying.mutate()} aria-label="Оплата">
      <Stack gap="sm">
        {own.map((visit) => (
          <Due key={visit.id} visit={visit} />
        ))}
        {start.others.map((visit) => (
          <Checkbox
            key={visit.id}
            checked={others.has(visit.id)}
            onChange={({ currentTarget: { checked } }) =>
              setOthers((now) => new Set(checked ? [...now, visit.id] : [...now].filter((id) => id !== visit.id)))
            }
            label={`Долг за ${chargeName(visit)} от ${formatDate(visit.starts_at)}: ${rubles(visit.due)}`}
          />
        ))}
        {prepaid > 0 && result.due > 0 && (
          <Checkbox
            checked={usesPrepayment}
            onChange={({ currentTarget: { checked } }) => setUsesPrepayment(checked)}
            label={`Зачесть аванс: есть ${rubles(fromKopecks(prepaid))}`}
          />
        )}
        <PayerField
          value={payer}
          except={patient}
          onChange={(next) => {
            setPayer(next);
            // another payer's receipt doesn't go to the patient
            if (next.kind !== payer.kind) setReceiptTo(next.kind === 'self' ? start.receipt_to : '');
          }}
        />
        <div className={classes.total}>
          <Text fw={600}>К оплате</Text>
          <Text fw={700} fz="xl">
            {rubles(fromKopecks(result.toPay))}
          </Text>
        </div>
        <Divider />
        <PayingRows
          start={start}
          sums={sums}
          certificate={certificate}
          owes={payer.kind === 'counterparty'}
          restFor={(id) => restFor(id, draft)}
          onType={(id, sum) => setSums((now) => ({ ...now, [id]: sum }))}
          onCertificate={setCertificate}
        />
        <Summary result={result} keepsRest={keepsRest} onKeep={setKeepsRest} />
        {payer.kind !== 'counterparty' && (
          <TextInput
            label="Электронный чек"
            placeholder="Почта или телефон"
            {...limits.NewPayments.receipt_to}
            value={receiptTo}
            onChange={({ currentTarget: { value } }) => setReceiptTo(value)}
          />
        )}
        <ProblemAlert error={paying.error} title="Оплата не принята" />
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onCancel}>
            Отмена
          </Button>
          <Button
            type="submit"
            loading={paying.isPending}
            disabled={
              (result.parts.length === 0 && result.prepayments.length === 0) ||
              (result.over > 0 && !keepsRest) ||
              !isChosen(payer)
            }
          >
            {result.parts.length === 0 && result.prepayments.length > 0 ? 'Зачесть аванс' : 'Принять оплату'}
          </Button>
        </Group>
      </Stack>
    </Form>
  );
}

function Due({ visit }: { visit: AccountVisit }) {
  return (
    <Text>
      {`Визит № ${visit.number}: ${rubles(visit.total)}`}
      {Number(visit.paid) > 0 && `, уже оплачено ${rubles(visit.paid)}`}
    </Text>
  );
}
