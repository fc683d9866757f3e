/** What the marks in the grid mean. */
import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { DAY_KINDS, DAY_KINDS_IN_ORDER } from '../model/dayKinds';
import classes from './Legend.module.css';

export function Legend({ pending = false }: { pending?: boolean }): ReactNode {
  return (
    <Group gap="sm" aria-hidden>
      {DAY_KINDS_IN_ORDER.map((kind) => (
        <Group key={kind} gap={5} wrap="nowrap">
          <span className={classes.sample} data-tone={kind}>
            {DAY_KINDS[kind].code}
          </span>
          <Text size="xs" c="dimmed">
            {DAY_KINDS[kind].short}
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
