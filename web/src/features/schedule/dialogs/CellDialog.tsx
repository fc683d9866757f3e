/** What the chosen cells are to be: a shift with its hours, a day off, an absence, or what the week says. */
import { useReturnFocus } from '@/components/useReturnFocus';
import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { useState, type ReactNode } from 'react';
import { capital } from '@/lib/text';
import { DAY_KINDS, DAY_KINDS_IN_ORDER, type DayKind } from '../model/dayKinds';
import { hoursFault, type Hours } from '../model/hours';
import { HoursEditor } from './HoursEditor';
import type { DayEdit } from '../model/pending';

type Choice = DayKind | 'clear';

const CHOICES: readonly { readonly value: Choice; readonly label: string }[] = [
  ...DAY_KINDS_IN_ORDER.map((kind) => ({ value: kind, label: capital(DAY_KINDS[kind].title) })),
  { value: 'clear', label: 'Как в недельном графике' },
];

export interface CellQuestion {
  readonly title: string;
  /** «Сейчас: рабочая смена 09:00–21:00» */
  readonly present: string;
  readonly choice: Choice;
  readonly hours: Hours;
  /** Straight to the hours: the icon in the cell was pressed. */
  readonly hoursFirst: boolean;
}

interface CellDialogProps {
  readonly question: CellQuestion;
  readonly onAnswer: (edit: DayEdit) => void;
  readonly onClose: () => void;
  readonly onWeek: (() => void) | null;
  /** Visits that a refused save found behind this cell. */
  readonly visits?: ReactNode;
}

export function CellDialog({ question, onAnswer, onClose, onWeek, visits }: CellDialogProps): ReactNode {
  useReturnFocus();
  const [choice, setChoice] = useState<Choice>(question.hoursFirst ? 'work' : question.choice);
  const [hours, setHours] = useState<Hours>(question.hours);
  const fault = choice === 'work' ? (hours.length === 0 ? 'Укажите часы смены.' : hoursFault(hours)) : null;

  function answer(): void {
    if (fault !== null) return;
    if (choice === 'clear') onAnswer('clear');
    else onAnswer({ kind: choice, hours: choice === 'work' ? hours : [] });
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={question.title}
      size={visits ? 'xl' : 'md'}
      closeButtonProps={{ 'aria-label': 'Закрыть' }}
    >
      <Form onSubmit={answer}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {question.present}
          </Text>
          {visits}
          <Radio.Group label="Настроить смену как" value={choice} onChange={(value) => setChoice(value)}>
            <Stack gap={8} mt={8}>
              {CHOICES.map(({ value, label }) => (
                <Radio
                  key={value}
                  value={value}
                  label={label}
                  data-autofocus={!question.hoursFirst && value === choice ? true : undefined}
                />
              ))}
            </Stack>
          </Radio.Group>
          {choice === 'work' && (
            <HoursEditor value={hours} onChange={setHours} of="Часы смены" autoFocus={question.hoursFirst} />
          )}
          <Group justify="space-between" mt={4}>
            {onWeek ? (
              <Button variant="subtle" px={8} onClick={onWeek}>
                Недельный график…
              </Button>
            ) : (
              <span />
            )}
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                Отмена
              </Button>
              <Button type="submit" disabled={fault !== null}>
                Применить
              </Button>
            </Group>
          </Group>
        </Stack>
      </Form>
    </Modal>
  );
}
