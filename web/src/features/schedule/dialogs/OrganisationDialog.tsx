/** The organisation's hours: weekdays alike, Saturday and Sunday apart; or each day by itself. */
import { useReturnFocus } from '@/components/useReturnFocus';
import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { useState, type ReactNode } from 'react';
import { sameHours, type Hours, type Week } from '../model/hours';
import { DayEditor, WeekEditor, weekFault } from './WeekEditor';

interface OrganisationDialogProps {
  readonly week: Week;
  /** How many employees follow the organisation's hours. */
  readonly followers: number;
  readonly onAnswer: (week: Week) => void;
  readonly onClose: () => void;
}

export function OrganisationDialog({ week: given, followers, onAnswer, onClose }: OrganisationDialogProps): ReactNode {
  useReturnFocus();
  const alike = given.slice(0, 5).every((hours) => sameHours(hours, given[0] ?? []));
  const [apart, setApart] = useState(!alike);
  const [week, setWeek] = useState<Week>(given);
  const fault = weekFault(week);

  function set(days: readonly number[], hours: Hours): void {
    setWeek((before) => before.map((old, day) => (days.includes(day) ? hours : old)));
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title="Часы работы организации"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Закрыть' }}
    >
      <Form
        onSubmit={() => {
          if (fault === null) onAnswer(week);
        }}
      >
        <Stack gap="md">
          <SegmentedControl
            aria-label="Как задать часы"
            fullWidth
            value={apart ? 'apart' : 'alike'}
            onChange={(value) => {
              setApart(value === 'apart');
              if (value === 'alike') set([1, 2, 3, 4], week[0] ?? []);
            }}
            data={[
              { value: 'alike', label: 'Будни, суббота, воскресенье' },
              { value: 'apart', label: 'Каждый день отдельно' },
            ]}
          />
          {apart ? (
            <WeekEditor value={week} onChange={setWeek} />
          ) : (
            <Stack gap={10}>
              <DayEditor name="Будни" value={week[0] ?? []} onChange={(hours) => set([0, 1, 2, 3, 4], hours)} />
              <DayEditor name="Суббота" value={week[5] ?? []} onChange={(hours) => set([5], hours)} />
              <DayEditor name="Воскресенье" value={week[6] ?? []} onChange={(hours) => set([6], hours)} />
            </Stack>
          )}
          <Text size="xs" c="dimmed">
            Изменятся часы всех, кто работает по графику организации: {followers}.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Отмена
            </Button>
            <Button type="submit" disabled={fault !== null}>
              Применить
            </Button>
          </Group>
        </Stack>
      </Form>
    </Modal>
  );
}
