/** All conflicts over all time; each leads to its month. */
import { useReturnFocus } from '@/components/useReturnFocus';
import { Anchor, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { writeLongDate } from '../model/dates';
import type { Conflict } from '@/entities/visit/conflicts';
import { ConflictingVisits } from '@/entities/visit/ConflictingVisits';

interface ConflictsDialogProps {
  readonly title: string;
  readonly conflicts: readonly Conflict[];
  /** What to do when none is left. */
  readonly done: string;
  readonly onGo?: (conflict: Conflict) => void;
  readonly onClose: () => void;
}

export function ConflictsDialog({ title, conflicts, done, onGo, onClose }: ConflictsDialogProps): ReactNode {
  useReturnFocus();
  return (
    <Modal opened onClose={onClose} title={title} size="xl" scrollAreaComponent={ScrollArea.Autosize}>
      <Stack gap="md">
        {conflicts.length > 0 && (
          <Text size="sm" c="dimmed">
            Откройте визит по номеру, перенесите его на рабочее время и сохраните: рамка исчезнет.
          </Text>
        )}
        {conflicts.map((conflict) => (
          <div key={`${conflict.employeeId}|${conflict.date}`}>
            <Group justify="space-between" mb={4}>
              <Text size="sm" fw={500}>
                {conflict.employee}, {writeLongDate(conflict.date)} {conflict.date.slice(0, 4)}
              </Text>
              {onGo && (
                <Anchor component="button" type="button" size="sm" onClick={() => onGo(conflict)}>
                  Показать в графике
                </Anchor>
              )}
            </Group>
            <ConflictingVisits
              visits={conflict.visits}
              label={`Визиты: ${conflict.employee}, ${writeLongDate(conflict.date)}`}
            />
          </div>
        ))}
        {conflicts.length === 0 && <Text role="status">{done}</Text>}
      </Stack>
    </Modal>
  );
}
