import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { PeriodField } from '@/components/fields/PeriodField';
import type { Days, Preset } from './period';

interface PeriodChoiceProps {
  readonly days: Days;
  readonly presets: readonly Preset[];
  readonly longest?: number;
  readonly onChange: (days: Days) => void;
}

/** Common periods by one click, any other typed or chosen. */
export function PeriodChoice({ days, presets, longest = 3660, onChange }: PeriodChoiceProps): ReactNode {
  return (
    <Group gap="sm" mb="sm" className="no-paper" role="group" aria-label="Период отчёта">
      <PeriodField
        label="Период"
        bare
        w={220}
        longest={longest}
        value={{ from: days.from, to: days.to }}
        onChange={(period) => {
          if (period !== null) onChange(period);
        }}
      />
      <Group gap={4} role="group" aria-label="Частые периоды">
        {presets.map(({ title, from, to }) => {
          const chosen = from === days.from && to === days.to;
          return (
            <Button
              key={title}
              size="compact-sm"
              variant={chosen ? 'light' : 'subtle'}
              aria-pressed={chosen}
              onClick={() => onChange({ from, to })}
            >
              {title}
            </Button>
          );
        })}
      </Group>
    </Group>
  );
}
