/** The weekly hours of one employee: as the organisation's, or of their own. */
import { useReturnFocus } from '@/components/useReturnFocus';
import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { useState, type ReactNode } from 'react';
import { writeWeek, type Week } from '../model/hours';
import { WeekEditor, weekFault } from './WeekEditor';

interface WeekDialogProps {
  readonly name: string;
  readonly week: Week | null;
  readonly organisation: Week;
  readonly onAnswer: (week: Week | null) => void;
  readonly onClose: () => void;
}

export function WeekDialog({ name, week: given, organisation, onAnswer, onClose }: WeekDialogProps): ReactNode {
  useReturnFocus();
  const [own, setOwn] = useState(given !== null);
  const [week, setWeek] = useState<Week>(given ?? organisation);
  const fault = own ? weekFault(week) : null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Недельный график: ${name}`}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Закрыть' }}
    >
      <Form
        onSubmit={() => {
          if (fault === null) onAnswer(own ? week : null);
        }}
      >
        <Stack gap="md">
          <SegmentedControl
            aria-label="Чей график"
            fullWidth
            value={own ? 'own' : 'organisation'}
            onChange={(value) => setOwn(value === 'own')}
            data={[
              { value: 'organisation', label: 'Как у организации' },
              { value: 'own', label: 'Свой график' },
            ]}
          />
          {own ? (
            <>
              <WeekEditor value={week} onChange={setWeek} />
              <Group gap="xs">
                <Button
                  variant="light"
                  size="compact-sm"
                  onClick={() => setWeek((before) => before.map(() => before[0] ?? []))}
                >
                  Понедельник – на все дни
                </Button>
                <Button
                  variant="light"
                  size="compact-sm"
                  onClick={() => setWeek((before) => before.map((hours, day) => (day < 5 ? (before[0] ?? []) : hours)))}
                >
                  Понедельник – на будни
                </Button>
              </Group>
            </>
          ) : (
            <Text size="sm">{writeWeek(organisation)}</Text>
          )}
          <Text size="xs" c="dimmed">
            Дни, настроенные отдельно (отпуск, смены 2/2, свои часы), останутся как есть.
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
