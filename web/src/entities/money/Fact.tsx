import { Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Sum } from './amounts';

/** A sum with its name, above a list. */
export function Fact({ title, amount }: { readonly title: string; readonly amount: string }): ReactNode {
  return (
    <Paper withBorder px="md" py="xs" role="group" aria-label={title}>
      <Text fz="sm" c="dimmed">
        {title}
      </Text>
      <Text fw={600}>
        <Sum amount={amount} />
      </Text>
    </Paper>
  );
}
