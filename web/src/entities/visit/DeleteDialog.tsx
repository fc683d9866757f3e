import { Button, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { FollowedConflicts } from './FollowedConflicts';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import { hasConflicts } from './conflicts';
import type { Whom } from './deletionConflicts';

interface DeleteDialogProps {
  readonly title: string;
  /** What becomes of it. */
  readonly means: string;
  readonly remove: () => Promise<unknown>;
  /** Fetches again what shows it; after a refusal too. */
  readonly refresh: () => Promise<void>;
  /** Shown once it is deleted. */
  readonly notice: string;
  /** Whose visits may conflict. */
  readonly whom: Whom;
  /** Shown once none is left: «Теперь карту можно удалить.» */
  readonly free: string;
  readonly onClose: () => void;
}

/** Confirms the deletion of somebody whose visits may conflict with it: they are listed with links. */
export function DeleteDialog({ title, means, remove, refresh, notice, whom, free, onClose }: DeleteDialogProps) {
  useReturnFocus();
  const isStillHere = useStillHere();
  const deleting = useMutation({
    mutationFn: remove,
    onSuccess: async () => {
      await refresh();
      reportDone(notice);
      if (isStillHere()) onClose();
    },
    onError: () => void refresh(),
  });
  const conflict = hasConflicts(deleting.error) ? deleting.error : null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={conflict === null ? 'md' : 'xl'}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      <Stack gap="sm">
        <Text size="sm">{means}</Text>
        {conflict === null ? (
          <ProblemAlert error={deleting.error} />
        ) : (
          <FollowedConflicts whom={whom} refusal={conflict} done={free} />
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
