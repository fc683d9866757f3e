import { Skeleton, VisuallyHidden } from '@mantine/core';
import type { CSSProperties, ReactNode } from 'react';

/** The shape of what is on its way, and its name for screen readers. */
export function Loading({
  what,
  height,
  style,
}: {
  what: string;
  height: number | string;
  style?: CSSProperties;
}): ReactNode {
  return (
    <div role="status" style={{ height, ...style }}>
      <VisuallyHidden>{what}</VisuallyHidden>
      <Skeleton height="100%" />
    </div>
  );
}
