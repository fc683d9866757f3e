/** Closing of a desk's day: what there is by documents, what was counted, and why they differ. */
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { DateField } from '@/components/fields/DateField';
import { Form } from '@/components/fields/Form';
import { NumberField } from '@/components/fields/NumberField';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { ChoiceSelect } from '@/entities/catalogue/ReferenceSelect';
import { money } from '@/entities/money/amounts';
import { closeDay, deskCardQuery } from '@/entities/money/desks';
import { articleChoicesQuery, refreshMoney } from '@/entities/money/queries';
import { faultsIn } from '@/lib/api/faults';
import { limits } from '@/lib/api/limits';
import { fromKopecks, kopecks } from '@/lib/text';
import { formatDate, isLocalDate } from '@/lib/time';
import { readNumber } from '@/lib/typed/numbers';

interface CloseWindowProps {
  readonly desk: { readonly id: string; readonly name: string };
  /** The day that is proposed. */
  readonly day: string;
  readonly onClose: () => void;
}

const SUM = { decimals: 2, unit: '₽', ...limits.DayClosing.counted };
const FIELDS = ['day', 'counted', 'reason', 'article_id'] as const;
type Field = (typeof FIELDS)[number];

export function CloseWindow({ desk, day: proposed, onClose }: CloseWindowProps): ReactNode {
  const [day, setDay] = useState(proposed);
  const [counted, setCounted] = useState('');
  const [reason, setReason] = useState('');
  const [article, setArticle] = useState('');
  const [checked, setChecked] = useState(false);
  const dated = isLocalDate(day);
  const card = useQuery({ ...deskCardQuery(desk.id, { from: day, to: day, size: 1 }), enabled: dated });
  const there = dated ? card.data?.closing : undefined;
  const read = readNumber(counted, SUM);
  const difference =
    there === undefined || counted.trim() === '' || !read.ok ? 0 : kopecks(read.value) - kopecks(there);
  const articles = useQuery({
    ...articleChoicesQuery(difference > 0 ? 'income' : 'outgo'),
    enabled: difference !== 0,
  });
  const closing = useMutation({
    mutationFn: () =>
      closeDay(desk.id, {
        day,
        counted,
        reason: difference === 0 ? '' : reason,
        article_id: difference === 0 || article === '' ? null : article,
      }),
    onSuccess: async () => {
      await refreshMoney();
      reportDone(`${desk.name}: день ${formatDate(day)} закрыт`);
      onClose();
    },
  });
  const refused = faultsIn<Field>(closing.error, (field) => FIELDS.find((one) => one === field), {
    day_closed_already: () => 'day',
    desk_day_closed: () => 'day',
    period_closed: () => 'day',
  });
  const lacking = {
    day: dated ? undefined : 'Укажите день',
    counted: counted.trim() === '' ? 'Укажите, сколько денег фактически' : undefined,
    reason: difference !== 0 && reason.trim() === '' ? 'Укажите причину расхождения' : undefined,
  };
  const faults = { ...(checked ? lacking : {}), ...refused };
  const change =
    <V,>(set: (value: V) => void) =>
    (value: V) => {
      closing.reset();
      set(value);
    };
  return (
    <Modal opened onClose={onClose} size={520} title={`Закрыть день: ${desk.name}`} closeOnClickOutside={false}>
      <Form
        onSubmit={() => {
          setChecked(true);
          if (Object.values(lacking).every((one) => one === undefined) && !closing.isPending) closing.mutate();
        }}
      >
        <Stack gap="sm">
          <DateField
            label="День"
            required
            leaning="past"
            w={160}
            error={faults.day}
            value={day}
            onChange={change(setDay)}
          />
          <Text>
            По документам на конец дня: <b className="tabular">{there === undefined ? '…' : money(there)}</b>
          </Text>
          <Group gap="xs" align="end">
            <NumberField
              label="Фактически"
              required
              data-autofocus
              w={190}
              error={faults.counted}
              {...SUM}
              value={counted}
              onChange={change(setCounted)}
            />
            <Button
              variant="default"
              disabled={there === undefined || there.startsWith('-')}
              onClick={() => change(setCounted)(there ?? '')}
            >
              Сходится
            </Button>
          </Group>
          {difference !== 0 && (
            <>
              <Text role="status" fw={500} c={difference < 0 ? 'var(--mantine-color-error)' : undefined}>
                {difference < 0 ? 'Недостача ' : 'Излишек '}
                {money(fromKopecks(Math.abs(difference)))}
              </Text>
              <Textarea
                label="Причина"
                required
                autosize
                minRows={1}
                error={faults.reason}
                {...limits.DayClosing.reason}
                value={reason}
                onChange={(event) => change(setReason)(event.currentTarget.value)}
              />
              <ChoiceSelect
                label={difference < 0 ? 'Записать расходом по статье' : 'Записать приходом по статье'}
                description="Без статьи расхождение только отметится в журнале закрытий."
                error={faults.article_id}
                choices={articles.data?.items}
                value={article}
                onChange={change(setArticle)}
              />
            </>
          )}
          <Text fz="sm" c="dimmed">
            После закрытия документы этой кассы за этот день и раньше не создаются и не меняются.
          </Text>
          {refused === null && <ProblemAlert error={closing.error} title="День не закрыт" />}
          <Group justify="end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Отмена
            </Button>
            <Button type="submit" loading={closing.isPending}>
              Закрыть день
            </Button>
          </Group>
        </Stack>
      </Form>
    </Modal>
  );
}
