/** Asks before the page is left with pending edits. */
import { Button, Group, Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { counted } from '@/lib/text';

interface LeaveDialogProps {
  readonly count: number;
  readonly onStay: () => void;
  readonly onLeave: () => void;
  readonly onDrop: () => void;
}

export function LeaveDialog({ count, onStay, onLeave, onDrop }: LeaveDialogProps): ReactNode {
  return (
    <Modal opened onClose={onStay} title="Правки графика не сохранены" size="lg">
      <Text size="sm">
        Не сохранено: {counted(count, 'правка', 'правки', 'правок')}. Если уйти, правки подождут в этой вкладке
        браузера, пока вы не вернётесь.
      </Text>
      <Group justify="space-between" gap="xs" mt="md">
        <Button variant="subtle" color="red" onClick={onDrop}>
          Отменить правки и уйти
        </Button>
        <Group gap="xs">
          <Button variant="default" onClick={onLeave}>
            Уйти, правки оставить
          </Button>
          <Button onClick={onStay} data-autofocus>
            Остаться
          </Button>
        </Group>
      </Group>
    </Modal>
  );
}
