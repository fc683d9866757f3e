import { Stack, Text, ThemeIcon } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** What a list says when there is nothing to show, and what to do about it. */
export function Empty({ icon: Icon, title, children }: { icon: Icon; title: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap={6} py={48} px="md" ta="center">
      <ThemeIcon size={44} radius="xl" variant="light" color="gray" aria-hidden>
        <Icon size={24} stroke={1.5} />
      </ThemeIcon>
      <Text fw={500}>{title}</Text>
      {children !== undefined && (
        <Text c="dimmed" fz="sm" component="div" maw={420}>
          {children}
        </Text>
      )}
    </Stack>
  );
}
