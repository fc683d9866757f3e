import { Button, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { HeldBack } from './HeldBack';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import { isHeldBack } from './conflicts';
import type { HeldBack as Whom } from './heldBack';

interface DeleteDialogProps {
  readonly title: string;
  /** What becomes of it. */
  readonly means: string;
  readonly remove: () => Promise<unknown>;
  /** Fetches again what shows it; after a refusal too. */
  readonly refresh: () => Promise<void>;
  /** Shown once it is deleted. */
  readonly notice: string;
  /** Whose visits may stand in the way. */
  readonly whom: Whom;
  /** Shown once none is left: «Теперь карту можно удалить.» */
  readonly free: string;
  readonly onClose: () => void;
}

/** Confirms the deletion of somebody whom visits may hold back: those are listed with links. */
export function DeleteDialog({ title, means, remove, refresh, notice, whom, free, onClose }: DeleteDialogProps) {
  useReturnFocus();
  const deleting = useMutation({
    mutationFn: remove,
    onSuccess: async () => {
      await refresh();
      reportDone(notice);
      onClose();
    },
    onError: () => void refresh(),
  });
  const heldBack = isHeldBack(deleting.error) ? deleting.error : null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={heldBack === null ? 'md' : 'xl'}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      <Stack gap="sm">
        <Text size="sm">{means}</Text>
        {heldBack === null ? (
          <ProblemAlert error={deleting.error} />
        ) : (
          <HeldBack whom={whom} refusal={heldBack} done={free} />
        )}
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
