/** The days of a desk that were closed last; the last one may be opened again. */
import { Button, Group, Modal, Stack, Table, Text, Textarea } from '@mantine/core';
import { IconLockOpen } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Form } from '@/components/fields/Form';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { isNothing, money, Sum, SumOrNothing } from '@/entities/money/amounts';
import { closedDaysQuery, reopenDay } from '@/entities/money/desks';
import { refreshMoney } from '@/entities/money/queries';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { limits } from '@/lib/api/limits';
import { useRight } from '@/lib/api/me';
import { isObjectType } from '@/lib/api/objectTypes';
import { formatDate } from '@/lib/time';

interface Desk {
  readonly id: string;
  readonly name: string;
}

const SHOWN = 10;

export function ClosedDays({ desk }: { readonly desk: Desk }): ReactNode {
  const mayReopen = useRight('desk_reopening');
  const { data } = useQuery(closedDaysQuery(desk.id));
  const [all, setAll] = useState(false);
  const [reopening, setReopening] = useState<string | null>(null);
  const days = data?.items ?? [];
  const last = days[0];
  if (last === undefined) return null;
  return (
    <Stack gap={6} mt="md">
      <Group justify="space-between">
        <Text component="h2" fw={600}>
          Закрытые дни
        </Text>
        {mayReopen && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconLockOpen size={15} stroke={1.7} aria-hidden />}
            onClick={() => setReopening(last.day)}
          >
            Открыть {formatDate(last.day)}
          </Button>
        )}
      </Group>
      <Table withTableBorder aria-label="Закрытые дни">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>День</Table.Th>
            <Table.Th ta="right">На начало</Table.Th>
            <Table.Th ta="right">Приход</Table.Th>
            <Table.Th ta="right">Расход</Table.Th>
            <Table.Th ta="right">Перемещено</Table.Th>
            <Table.Th ta="right">Фактически</Table.Th>
            <Table.Th ta="right">Расхождение</Table.Th>
            <Table.Th>Причина</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {(all ? days : days.slice(0, SHOWN)).map(({ day, turnover, counted, difference, reason, booked }) => (
            <Table.Tr key={day}>
              <Table.Td className="tabular">{formatDate(day)}</Table.Td>
              <Table.Td ta="right">
                <Sum amount={turnover.opening} />
              </Table.Td>
              <Table.Td ta="right">
                <SumOrNothing amount={turnover.income} />
              </Table.Td>
              <Table.Td ta="right">
                <SumOrNothing amount={turnover.outgo} />
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {[
                  isNothing(turnover.transfer_in) ? '' : `+${money(turnover.transfer_in)}`,
                  isNothing(turnover.transfer_out) ? '' : `−${money(turnover.transfer_out)}`,
                ].join(' ')}
              </Table.Td>
              <Table.Td ta="right">
                <Sum amount={counted} />
              </Table.Td>
              <Table.Td ta="right">
                <SumOrNothing amount={difference} />
              </Table.Td>
              <Table.Td>
                {reason}
                {booked !== null && isObjectType(booked.kind) && (
                  <>
                    {' · '}
                    <ObjectLink type={booked.kind} id={booked.id} inherit>
                      {booked.kind === 'money_income' ? 'приход' : 'расход'} № {booked.number}
                    </ObjectLink>
                  </>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {!all && days.length > SHOWN && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          Показать все
        </Button>
      )}
      {reopening !== null && <ReopenWindow desk={desk} day={reopening} onClose={() => setReopening(null)} />}
    </Stack>
  );
}

interface ReopenWindowProps {
  readonly desk: Desk;
  readonly day: string;
  readonly onClose: () => void;
}

function ReopenWindow({ desk, day, onClose }: ReopenWindowProps): ReactNode {
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const reopening = useMutation({
    mutationFn: () => reopenDay(desk.id, { day, reason }),
    onSuccess: async () => {
      await refreshMoney();
      reportDone(`${desk.name}: день ${formatDate(day)} открыт`);
      onClose();
    },
  });
  const blank = reason.trim() === '';
  return (
    <Modal opened onClose={onClose} title={`Открыть день ${formatDate(day)}?`} closeOnClickOutside={false}>
      <Form
        onSubmit={() => {
          setChecked(true);
          if (!blank && !reopening.isPending) reopening.mutate();
        }}
      >
        <Stack gap="sm">
          <Text fz="sm">
            Документы кассы за этот день снова можно будет менять. Кто и зачем открыл, останется в журнале.
          </Text>
          <Textarea
            label="Зачем"
            required
            data-autofocus
            autosize
            error={checked && blank ? 'Укажите, зачем открываете день' : undefined}
            {...limits.DayReopening.reason}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <ProblemAlert error={reopening.error} title="День не открыт" />
          <Group justify="end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Отмена
            </Button>
            <Button type="submit" loading={reopening.isPending}>
              Открыть день
            </Button>
          </Group>
        </Stack>
      </Form>
    </Modal>
  );
}
