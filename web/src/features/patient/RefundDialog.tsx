import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Choice } from '@/components/fields/Choice';
import { Form } from '@/components/fields/Form';
import { NumberField } from '@/components/fields/NumberField';
import { LeaveQuestion, useClosing } from '@/components/LeaveQuestion';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import { type AccountPayment, refreshPayments, refundPayment, refundStartQuery } from '@/entities/payment/queries';
import { limits } from '@/lib/api/limits';
import { fromKopecks, kopecks, rubles } from '@/lib/text';

const MONEY = { decimals: 2, unit: '₽', ...limits.NewRefund.sum };

/** Returns money of one payment, the way it came. */
export function RefundDialog({ payment, onClose }: { payment: AccountPayment; onClose: () => void }) {
  useReturnFocus();
  const isStillHere = useStillHere();
  const most = fromKopecks(kopecks(payment.sum) - kopecks(payment.refunded));
  const start = useQuery(refundStartQuery(payment.id));
  const [sum, setSum] = useState(kopecks(payment.rest) > 0 ? payment.rest : most);
  const [desk, setDesk] = useState<string | null>(payment.desk?.id ?? null);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState(false);
  const refunding = useMutation({
    mutationFn: (moment: string) =>
      refundPayment(payment.id, { moment, sum, reason, ...(payment.desk === null ? {} : { desk_id: desk }) }),
    onSuccess: async () => {
      await refreshPayments();
      reportDone('Деньги возвращены');
      if (isStillHere()) onClose();
    },
    onError: () => void refreshPayments(),
  });
  const { close, blocker } = useClosing(typed, onClose);
  return (
    <>
      <Modal opened onClose={close} title={`Возврат по оплате № ${payment.number}`} closeOnClickOutside={false}>
        <Form
          onInput={() => setTyped(true)}
          onSubmit={() => start.data !== undefined && refunding.mutate(start.data.moment)}
          aria-label="Возврат"
        >
          <Stack gap="sm">
            <NumberField label="Сумма возврата" value={sum} onChange={setSum} data-autofocus {...MONEY} />
            <Text fz="sm" c="dimmed">
              {`Можно вернуть ${rubles(most)}. `}
              {kopecks(payment.rest) < kopecks(most) && 'Сначала возвращается аванс, потом оплата последних визитов.'}
            </Text>
            {payment.desk === null ? (
              <Text fz="sm">
                {payment.certificate === null
                  ? `Долг организации «${payment.payer?.name ?? ''}» уменьшится.`
                  : `Деньги вернутся на сертификат ${payment.certificate.name}.`}
              </Text>
            ) : (
              <Choice
                label="Из кассы"
                data={(start.data?.desks ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                value={desk}
                onChange={setDesk}
                nothingFoundMessage="Нет кассы того вида, в которую пришли деньги"
              />
            )}
            <TextInput
              label="Причина"
              {...limits.NewRefund.reason}
              value={reason}
              onChange={({ currentTarget: { value } }) => setReason(value)}
            />
            <ProblemAlert error={start.error} />
            <ProblemAlert error={refunding.error} title="Деньги не возвращены" />
            <Group justify="end" gap="sm">
              <Button variant="default" onClick={close}>
                Отмена
              </Button>
              <Button
                type="submit"
                color="red"
                loading={refunding.isPending}
                disabled={start.data === undefined || sum === ''}
              >
                Вернуть деньги
              </Button>
            </Group>
          </Stack>
        </Form>
      </Modal>
      <LeaveQuestion blocker={blocker} />
    </>
  );
}
