import { Alert, Button, Group, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface DeletedNoteProps {
  /** «Документ удалён» */
  readonly title: string;
  /** What that means, and what its return would. */
  readonly children: string;
  readonly returning: boolean;
  readonly onReturn: () => void;
}

/** Over a deleted document: that it is, and how it comes back. */
export function DeletedNote({ title, children, returning, onReturn }: DeletedNoteProps): ReactNode {
  return (
    <Alert color="gray" title={title}>
      <Group justify="space-between" gap="sm">
        <Text fz="sm">{children}</Text>
        <Button
          size="compact-sm"
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          loading={returning}
          onClick={onReturn}
        >
          Вернуть
        </Button>
      </Group>
    </Alert>
  );
}
