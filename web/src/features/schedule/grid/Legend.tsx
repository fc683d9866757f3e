/** What the marks in the grid mean. */
import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Legend.module.css';

const MARKS = [
  ['work', '9', 'смена'],
  ['off', 'В', 'выходной'],
  ['vacation', 'ОТ', 'отпуск'],
  ['sick', 'Б', 'больничный'],
] as const;

export function Legend({ pending = false }: { pending?: boolean }): ReactNode {
  return (
    <Group gap="sm" aria-hidden>
      {MARKS.map(([tone, code, word]) => (
        <Group key={tone} gap={5} wrap="nowrap">
          <span className={classes.sample} data-tone={tone}>
            {code}
          </span>
          <Text size="xs" c="dimmed">
            {word}
          </Text>
        </Group>
      ))}
      <Group gap={5} wrap="nowrap">
        <span className={classes.sample} data-own />
        <Text size="xs" c="dimmed">
          часы этого дня
        </Text>
      </Group>
      {pending && (
        <Group gap={5} wrap="nowrap">
          <span className={classes.sample} data-pending />
          <Text size="xs" c="dimmed">
            не сохранено
          </Text>
        </Group>
      )}
    </Group>
  );
}
