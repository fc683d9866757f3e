import { Button, Group, Modal, SegmentedControl, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Form } from '@/components/fields/Form';
import { NumberField } from '@/components/fields/NumberField';
import { LeaveQuestion, useClosing } from '@/components/LeaveQuestion';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import { quantity as inWords, unitName } from '@/entities/stock/units';
import { QUANTITY } from '@/entities/visit/visitLines';
import { limits } from '@/lib/api/limits';
import { useMe } from '@/lib/api/me';
import { fromKopecks, rubles } from '@/lib/text';
import { clinicNow } from '@/lib/time';
import { shortest } from '@/lib/typed/numbers';
import { refreshSales, type Sale, saleQuery, takeBack } from './queries';
import { type Counts, excessOf, linesBack, refundsOf } from './returnDraft';

interface SaleReturnDialogProps {
  readonly sale: { readonly id: string; readonly number: number };
  readonly onClose: () => void;
}

/** Takes goods of a sale back, with their money. */
export function SaleReturnDialog({ sale, onClose }: SaleReturnDialogProps): ReactNode {
  useReturnFocus();
  const found = useQuery(saleQuery(sale.id));
  const [typed, setTyped] = useState(false);
  const { close, blocker } = useClosing(typed, onClose);
  return (
    <>
      <Modal
        opened
        onClose={close}
        size="lg"
        closeOnClickOutside={false}
        title={`Возврат товаров по накладной № ${sale.number}`}
      >
        <ProblemAlert error={found.error} title="Продажа не загрузилась" />
        {found.data === undefined ? (
          found.error === null && <Skeleton h={220} />
        ) : (
          <div onInput={() => setTyped(true)}>
            <Window sale={found.data} onDone={onClose} onCancel={close} />
          </div>
        )}
      </Modal>
      <LeaveQuestion blocker={blocker} />
    </>
  );
}

interface WindowProps {
  readonly sale: Sale;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

function Window({ sale, onDone, onCancel }: WindowProps): ReactNode {
  const { clinic } = useMe();
  const isStillHere = useStillHere();
  const [counts, setCounts] = useState<Counts>({});
  const [keeps, setKeeps] = useState(false);
  const [reason, setReason] = useState('');
  const { lines, wrong } = linesBack(sale, counts);
  const back = lines.reduce((sum, line) => sum + line.sum, 0);
  const excess = excessOf(sale, back);
  const refunds = keeps ? [] : refundsOf(sale, excess);
  const returnable = sale.lines.filter(({ left }) => Number(left) > 0);

  const returning = useMutation({
    mutationFn: () =>
      takeBack(sale.id, {
        moment: clinicNow(clinic.zone).slice(0, 16),
        goods: lines.map(({ id, quantity }) => ({ goods_id: id, quantity })),
        refunds: refunds.map(({ id, sum }) => {
          const desk = sale.payments.find((one) => one.id === id)?.desk ?? null;
          return { payment_id: id, sum: fromKopecks(sum), ...(desk === null ? {} : { desk_id: desk.id }) };
        }),
        reason,
      }),
    onSuccess: async ({ number }) => {
      await refreshSales();
      const given = refunds.reduce((sum, one) => sum + one.sum, 0);
      reportDone(`Возврат № ${number} проведён.${given > 0 ? ` Отдайте ${rubles(fromKopecks(given))}` : ''}`);
      if (isStillHere()) onDone();
    },
    onError: () => void refreshSales(),
  });

  if (returnable.length === 0) return <Text>Всё уже вернули.</Text>;
  return (
    <Form onSubmit={() => returning.mutate()} aria-label="Возврат товаров">
      <Stack gap="sm">
        <Table aria-label="Что возвращают">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Товар</Table.Th>
              <Table.Th>У покупателя</Table.Th>
              <Table.Th w={120}>Возвращают</Table.Th>
              <Table.Th ta="right">Сумма</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {returnable.map(({ goods, unit, left }, index) => {
              const line = lines.find(({ id }) => id === goods.id);
              return (
                <Table.Tr key={goods.id}>
                  <Table.Td>{goods.name}</Table.Td>
                  <Table.Td>{inWords(shortest(left), unitName(goods, unit))}</Table.Td>
                  <Table.Td>
                    <NumberField
                      aria-label={`Возвращают: ${goods.name}`}
                      size="xs"
                      {...QUANTITY}
                      autoFocus={index === 0}
                      error={wrong.has(goods.id) ? `Не больше ${inWords(shortest(left))}` : undefined}
                      value={counts[goods.id] ?? ''}
                      onChange={(value) => setCounts((now) => ({ ...now, [goods.id]: value }))}
                    />
                  </Table.Td>
                  <Table.Td ta="right">{line === undefined ? '' : rubles(fromKopecks(line.sum))}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
        <Group justify="end">
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => setCounts(Object.fromEntries(returnable.map(({ goods, left }) => [goods.id, shortest(left)])))}
          >
            Вернуть всё
          </Button>
        </Group>
        {excess > 0 && sale.patient !== null && (
          <SegmentedControl
            aria-label="Что сделать с деньгами"
            data={[
              { value: 'refund', label: 'Вернуть деньги' },
              { value: 'keep', label: 'Оставить авансом' },
            ]}
            value={keeps ? 'keep' : 'refund'}
            onChange={(value) => setKeeps(value === 'keep')}
          />
        )}
        <Stack gap={4} role="status">
          {keeps && excess > 0 && <Text fz="sm">{`Авансом останется ${rubles(fromKopecks(excess))}`}</Text>}
          {refunds.map(({ id, sum }) => (
            <Text key={id} fz="sm">
              {`Вернуть ${rubles(fromKopecks(sum))} ${where(sale, id)}`}
            </Text>
          ))}
          {back > excess && (
            <Text fz="sm" c="dimmed">{`Не оплачено было ${rubles(fromKopecks(back - excess))}: долг уменьшится.`}</Text>
          )}
        </Stack>
        <TextInput
          label="Причина"
          {...limits.NewSaleReturn.reason}
          value={reason}
          onChange={({ currentTarget: { value } }) => setReason(value)}
        />
        <ProblemAlert error={returning.error} title="Возврат не проведён" />
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onCancel}>
            Отмена
          </Button>
          <Button type="submit" loading={returning.isPending} disabled={lines.length === 0 || wrong.size > 0}>
            Провести возврат
          </Button>
        </Group>
      </Stack>
    </Form>
  );
}

/** «из «Основная касса»», «на сертификат А-1» */
function where(sale: Sale, id: string): string {
  const payment = sale.payments.find((one) => one.id === id);
  if (payment === undefined) return '';
  return payment.desk === null ? `на сертификат ${payment.certificate}` : `из кассы «${payment.desk.name}»`;
}
