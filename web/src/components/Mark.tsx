import { Badge, type BadgeProps } from '@mantine/core';
import type { ReactNode } from 'react';

/** A small word beside a thing, in the colours of a visit's status: readable in light and dark. */
export function Mark({
  like,
  children,
  ...props
}: BadgeProps & { like: 'completed' | 'arrived' | 'planned'; children: ReactNode }): ReactNode {
  return (
    <Badge
      size="md"
      variant="light"
      tt="none"
      fw={500}
      style={{ background: `var(--status-${like}-ground)`, color: `var(--status-${like}-text)` }}
      {...props}
    >
      {children}
    </Badge>
  );
}
