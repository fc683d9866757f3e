import { Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface FigureProps {
  readonly title: string;
  /** Beside it, such as what it was before. */
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** One of the figures above a report. */
export function Figure({ title, note, children }: FigureProps): ReactNode {
  return (
    <Paper withBorder px="md" py="xs" role="group" aria-label={title}>
      <Text fz="sm" c="dimmed">
        {title}
      </Text>
      <Text fw={600} fz="lg" className="tabular">
        {children}
      </Text>
      {note !== undefined && (
        <Text fz="xs" c="dimmed" className="tabular">
          {note}
        </Text>
      )}
    </Paper>
  );
}
