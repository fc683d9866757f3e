/** Others saved the schedule meanwhile: what they changed, and where that meets the own edits. */
import { useReturnFocus } from '@/components/useReturnFocus';
import { Button, Group, Modal, ScrollArea, Table, Text } from '@mantine/core';
import { Mark } from '@/components/Mark';
import type { ReactNode } from 'react';
import { writeDate } from '../model/dates';
import { formatCell } from '../model/gridRows';
import { writeWeek, type Week } from '../model/hours';
import type { Edits } from '../model/pending';
import { collides, type DayValue, type Moved, type OthersChange } from '../model/refusals';

interface MovedDialogProps {
  readonly moved: Moved;
  readonly edits: Edits;
  readonly formatMoment: (moment: string) => string;
  readonly onApply: () => void;
  readonly onClose: () => void;
}

const MOST_LINES = 200;

function isWeek(value: DayValue | Week): value is Week {
  return Array.isArray(value);
}

function format(value: DayValue | Week | null, change: OthersChange): string {
  if (value === null) return change.date === null ? 'как у организации' : 'по недельному графику';
  return isWeek(value) ? writeWeek(value) : formatCell(value);
}

export function MovedDialog({ moved, edits, formatMoment, onApply, onClose }: MovedDialogProps): ReactNode {
  useReturnFocus();
  const meetings = moved.changes.filter((change) => collides(change, edits)).length;
  return (
    <Modal
      opened
      onClose={onClose}
      title="График изменил кто-то ещё"
      size="xl"
      scrollAreaComponent={ScrollArea.Autosize}
    >
      <Text size="sm" mb="xs">
        Пока вы правили график, сохранена новая версия. Ваши правки на месте и не сохранены.
        {meetings > 0 && ' Отмеченные ячейки правили и вы: при сохранении останется ваше.'}
      </Text>
      {moved.authors.map(({ moment, author }) => (
        <Text key={moment} size="sm" fw={500}>
          {[formatMoment(moment), author].filter(Boolean).join(', ')}
        </Text>
      ))}
      <Table mt="sm" aria-label="Что изменили другие" withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Чей график, на какой день</Table.Th>
            <Table.Th>Было</Table.Th>
            <Table.Th>Стало</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {moved.changes.slice(0, MOST_LINES).map((change) => (
            <Table.Tr key={change.key}>
              <Table.Td>
                {change.employee ?? 'Организация'}
                {change.date === null ? ', недельный график' : `, ${writeDate(change.date)}`}
                {collides(change, edits) && (
                  <Mark like="arrived" ml={8} size="sm">
                    ваша правка
                  </Mark>
                )}
              </Table.Td>
              <Table.Td>{format(change.old, change)}</Table.Td>
              <Table.Td>{format(change.new, change)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {moved.staff.map((line) => (
        <Text key={line} size="sm" mt="xs">
          {line}
        </Text>
      ))}
      {moved.changes.length > MOST_LINES && (
        <Text size="sm" c="dimmed" mt="xs">
          … и ещё {moved.changes.length - MOST_LINES}.
        </Text>
      )}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>
          Пока не сохранять
        </Button>
        <Button onClick={onApply} data-autofocus>
          Обновить и применить мои правки поверх
        </Button>
      </Group>
    </Modal>
  );
}
