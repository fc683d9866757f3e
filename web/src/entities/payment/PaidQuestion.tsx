import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemAlert } from '@/components/ProblemAlert';
import { refreshPayments } from './queries';

interface PaidQuestionProps {
  readonly sentence: string;
  readonly confirm: string;
  /** Undefined without the right to do so. */
  readonly release: (() => Promise<unknown>) | undefined;
  readonly again: () => void;
  readonly onFinances: (() => void) | undefined;
  readonly onClose: () => void;
}

/** What becomes of the money of something that is paid for and is to go. */
export function PaidQuestion(props: PaidQuestionProps): ReactNode {
  const { sentence, confirm, release, again, onFinances, onClose } = props;
  const releasing = useMutation({
    mutationFn: () => release?.() ?? Promise.resolve(),
    onSuccess: async () => {
      await refreshPayments();
      onClose();
      again();
    },
  });
  return (
    <Stack gap="md">
      <Text fz="sm">{sentence}</Text>
      <ProblemAlert error={releasing.error} title="Оставить авансом не получилось" />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Отмена
        </Button>
        {onFinances !== undefined && (
          <Button
            variant="default"
            onClick={() => {
              onClose();
              onFinances();
            }}
          >
            К финансам пациента
          </Button>
        )}
        {release !== undefined && (
          <Button color="red" loading={releasing.isPending} onClick={() => releasing.mutate()}>
            {confirm}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
