import { Button, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';

interface DeleteDialogProps {
  readonly title: string;
  /** What becomes of it. */
  readonly means: string;
  readonly remove: () => Promise<unknown>;
  /** Fetches anew what shows it; after a refusal too. */
  readonly refresh: () => Promise<void>;
  /** Said once it is deleted. */
  readonly said: string;
  /** What stands in the way, where the refusal tells it; null for any other problem. */
  readonly inTheWay: (error: unknown) => ReactNode;
  readonly onClose: () => void;
}

/** Confirms the deletion of somebody whom visits may hold back: those are listed with links. */
export function DeleteDialog({ title, means, remove, refresh, said, inTheWay, onClose }: DeleteDialogProps) {
  useReturnFocus();
  const deleting = useMutation({
    mutationFn: remove,
    onSuccess: async () => {
      await refresh();
      reportDone(said);
      onClose();
    },
    onError: () => void refresh(),
  });
  const refusal = inTheWay(deleting.error);
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={refusal === null ? 'md' : 'xl'}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      <Stack gap="sm">
        <Text size="sm">{means}</Text>
        {refusal ?? <ProblemAlert error={deleting.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Отмена
          </Button>
          <Button color="red" loading={deleting.isPending} onClick={() => deleting.mutate()}>
            Удалить
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
