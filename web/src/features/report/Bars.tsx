import { Group, Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Bar {
  readonly key: string;
  /** What it stands for, with its value. */
  readonly title: string;
  readonly value: number;
}

interface BarsProps {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** Below the first and the last bar, and beside the highest one. */
  readonly first: string;
  readonly last: string;
  readonly most: string;
}

const WIDTH = 1000;
const HEIGHT = 120;
/** Fewer bars aren't drawn wider. */
const FEWEST = 12;

/** A bar for each step of time; the table below says the same in figures. */
export function Bars({ label, bars, first, last, most }: BarsProps): ReactNode {
  const highest = Math.max(...bars.map(({ value }) => value), 0);
  if (highest === 0) return null;
  const step = WIDTH / Math.max(bars.length, FEWEST);
  return (
    <Paper withBorder px="md" pt="xs" pb={6} className="no-paper">
      <Group justify="space-between">
        <Text fz="sm" c="dimmed">
          {label}
        </Text>
        <Text fz="sm" c="dimmed" className="tabular">
          больше всего {most}
        </Text>
      </Group>
      <svg
        width="100%"
        height={HEIGHT}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${bars.map(({ title }) => title).join('; ')}`}
      >
        {bars.map(({ key, title, value }, at) => {
          const height = Math.max((value / highest) * (HEIGHT - 8), value > 0 ? 2 : 0);
          return (
            <rect
              key={key}
              x={at * step + step * 0.1}
              width={step * 0.8}
              y={HEIGHT - height}
              height={height}
              fill="var(--mantine-primary-color-filled)"
            >
              <title>{title}</title>
            </rect>
          );
        })}
      </svg>
      <Group justify={bars.length < FEWEST ? 'flex-start' : 'space-between'} gap="xs">
        <Text fz="xs" c="dimmed" className="tabular">
          {first}
        </Text>
        <Text fz="xs" c="dimmed" className="tabular">
          {bars.length < FEWEST && '– '}
          {last}
        </Text>
      </Group>
    </Paper>
  );
}

/** How much of the largest one, in a cell of a table. */
export function Part({ part }: { readonly part: number }): ReactNode {
  return (
    <svg width="100%" height={10} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
      <rect
        width={Math.max(Math.min(part, 1), 0) * 100}
        height={10}
        rx={1}
        fill="var(--mantine-primary-color-light-color)"
        opacity={0.55}
      />
    </svg>
  );
}
