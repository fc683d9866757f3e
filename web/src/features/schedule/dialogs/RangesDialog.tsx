/** One action over a range of dates: a shift cycle, an absence, a break. The server calculates the cells; they become edits. */
import { Choices } from '@/components/fields/Choice';
import { useStillHere } from '@/components/ownPage';
import { useReturnFocus } from '@/components/useReturnFocus';
import { Alert, Button, Group, Modal, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { sentence } from '@/lib/api/problem';
import { optionsOf } from '@/components/fields/options';
import { PeriodField } from '@/components/fields/PeriodField';
import type { Period } from '@/lib/typed/dates';
import type { DateKey } from '../model/dates';
import { hoursFault, normalised, type Hours } from '../model/hours';
import { HoursEditor } from './HoursEditor';
import { rangeCells, type RangeAction, type RangeCell } from '../queries';

type Action = RangeAction['type'];
type Cycle = Extract<RangeAction, { type: 'cycle' }>;
type Absence = Extract<RangeAction, { type: 'absence' }>['kind'];

const PATTERNS: Readonly<Record<Cycle['pattern'], string>> = {
  '2/2': 'Два через два',
  '5/2': 'Пять через два (будни)',
  odd: 'По нечётным числам',
  even: 'По чётным числам',
};
const STARTS: Readonly<Record<Cycle['starts_with'], string>> = { work: 'рабочих дней', off: 'выходных дней' };
const ABSENCES: Readonly<Record<Absence, string>> = { vacation: 'Отпуск', sick: 'Больничный', off: 'Выходные' };

interface RangesDialogProps {
  readonly employees: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: readonly string[];
  readonly from: DateKey;
  readonly to: DateKey;
  readonly hours: Hours;
  readonly onAnswer: (cells: readonly RangeCell[]) => void;
  readonly onClose: () => void;
}

const LONGEST_DAYS = 366;

export function RangesDialog(props: RangesDialogProps): ReactNode {
  useReturnFocus();
  const isStillHere = useStillHere();
  const [employees, setEmployees] = useState<string[]>([...props.chosen]);
  const [range, setRange] = useState<Period | null>({ from: props.from, to: props.to });
  const [action, setAction] = useState<Action>('cycle');
  const [pattern, setPattern] = useState<Cycle['pattern']>('2/2');
  const [startsWith, setStartsWith] = useState<Cycle['starts_with']>('work');
  const [hours, setHours] = useState<Hours>(props.hours);
  const [absence, setAbsence] = useState<Absence>('vacation');
  const [pause, setPause] = useState<Hours>([['13:00', '14:00']]);
  const calculating = useMutation({
    mutationFn: ({ from, to, action }: { from: string; to: string; action: RangeAction }) =>
      rangeCells(employees, from, to, action),
    onSuccess: (cells) => {
      if (isStillHere()) props.onAnswer(cells); // else it was called off
    },
  });

  const fault = faultOf();

  function faultOf(): string | null {
    if (employees.length === 0) return 'Выберите сотрудников.';
    if (range === null) return 'Укажите первый и последний день.';
    if (action === 'cycle') return hours.length === 0 ? 'Укажите часы смены.' : hoursFault(hours);
    return action === 'break' ? hoursFault(pause) : null;
  }

  function whatToDo(): RangeAction | null {
    if (action === 'cycle') {
      const plain = normalised(hours).map(([start, end]): [string, string] => [start, end]);
      return { type: 'cycle', pattern, hours: plain, starts_with: startsWith };
    }
    if (action === 'absence') return { type: 'absence', kind: absence };
    const [interval] = normalised(pause);
    return interval ? { type: 'break', interval: [interval[0], interval[1]] } : null;
  }

  function submit(): void {
    const asked = whatToDo();
    if (fault === null && range !== null && asked) calculating.mutate({ ...range, action: asked });
  }

  return (
    <Modal opened onClose={props.onClose} title="Смены, отпуск или перерыв на период" size="lg">
      <Form onSubmit={submit}>
        <Stack gap="md">
          <Choices
            label="Сотрудники"
            placeholder={employees.length === 0 ? 'Выберите сотрудников' : ''}
            data={props.employees.map(({ id, name }) => ({ value: id, label: name }))}
            value={employees}
            onChange={setEmployees}
            hidePickedOptions
            data-autofocus
            openOnFocus={false}
            nothingFoundMessage="Ничего не найдено"
          />
          <Group gap="xs">
            <Button variant="light" size="compact-sm" onClick={() => setEmployees(props.employees.map(({ id }) => id))}>
              Все сотрудники
            </Button>
            <Button
              variant="subtle"
              size="compact-sm"
              disabled={employees.length === 0}
              onClick={() => setEmployees([])}
            >
              Никого
            </Button>
          </Group>
          <PeriodField
            label="Период"
            placeholder="Первый и последний день"
            longest={LONGEST_DAYS}
            value={range}
            onChange={setRange}
          />
          <SegmentedControl
            aria-label="Что задать"
            fullWidth
            value={action}
            onChange={(value) => setAction(value)}
            data={[
              { value: 'cycle', label: 'Смены' },
              { value: 'absence', label: 'Отсутствие' },
              { value: 'break', label: 'Перерыв' },
            ]}
          />
          {action === 'cycle' && (
            <>
              <Group grow align="start">
                <Select
                  label="Чередование"
                  allowDeselect={false}
                  value={pattern}
                  onChange={(value) => value && setPattern(value)}
                  data={optionsOf(PATTERNS)}
                />
                {pattern === '2/2' && (
                  <Select
                    label="Период начинается с"
                    allowDeselect={false}
                    value={startsWith}
                    onChange={(value) => value && setStartsWith(value)}
                    data={optionsOf(STARTS)}
                  />
                )}
              </Group>
              <div>
                <Text size="sm" fw={500} mb={4}>
                  Часы смены
                </Text>
                <HoursEditor value={hours} onChange={setHours} of="Часы смены" />
              </div>
            </>
          )}
          {action === 'absence' && (
            <Select
              label="Причина"
              allowDeselect={false}
              value={absence}
              onChange={(value) => value && setAbsence(value)}
              data={optionsOf(ABSENCES)}
            />
          )}
          {action === 'break' && (
            <div>
              <Text size="sm" fw={500} mb={4}>
                Перерыв в рабочие дни
              </Text>
              <HoursEditor value={pause} onChange={(next) => setPause(next.slice(0, 1))} of="Перерыв" single />
            </div>
          )}
          {calculating.isError && (
            <Alert color="red" role="alert">
              {sentence(calculating.error)}
            </Alert>
          )}
          <Group justify="space-between" gap="xs">
            <Text size="xs" c="dimmed">
              {fault ?? 'Ячейки станут правками: сохраните их вместе с остальными.'}
            </Text>
            <Group gap="xs">
              <Button variant="default" onClick={props.onClose}>
                Отмена
              </Button>
              <Button type="submit" disabled={fault !== null} loading={calculating.isPending}>
                Применить
              </Button>
            </Group>
          </Group>
        </Stack>
      </Form>
    </Modal>
  );
}
