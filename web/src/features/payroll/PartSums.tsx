import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { isNothing } from '@/entities/money/amounts';
import { Fact } from '@/entities/money/Fact';
import { type PartSum, PARTS } from '@/entities/payroll/queries';

interface PartSumsProps {
  readonly parts: readonly PartSum[];
  readonly total: string;
}

/** What each part of pay comes to, and all together. */
export function PartSums({ parts, total }: PartSumsProps): ReactNode {
  return (
    <Group gap="sm" mb="sm">
      <Fact title="К начислению" amount={total} />
      {parts
        .filter(({ sum }) => !isNothing(sum))
        .map(({ part, sum }) => (
          <Fact key={part} title={PARTS[part]} amount={sum} />
        ))}
    </Group>
  );
}
