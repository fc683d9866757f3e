/** The steps of a grid, from 0 rubles upwards. */
import { ActionIcon, Button, Group, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { NumberField } from '@/components/fields/NumberField';
import { limits } from '@/lib/api/limits';
import { type DraftStep, PERCENT } from './schemeForm';

interface StepsFieldsProps {
  readonly steps: readonly DraftStep[];
  readonly disabled: boolean;
  readonly onChange: (steps: readonly DraftStep[]) => void;
}

export function StepsFields({ steps, disabled, onChange }: StepsFieldsProps): ReactNode {
  const change = (index: number, part: Partial<DraftStep>) =>
    onChange(steps.map((step, at) => (at === index ? { ...step, ...part } : step)));
  return (
    <Stack gap={6}>
      {steps.map((step, index) => (
        <Group key={index} gap="xs" align="start">
          <NumberField
            w={210}
            aria-label={`За месяц больше, ступень ${index + 1}`}
            leftSectionWidth={62}
            leftSection="свыше"
            disabled={disabled}
            decimals={2}
            unit="₽"
            {...limits.WrittenStep.above}
            value={step.above}
            onChange={(above) => change(index, { above })}
          />
          <NumberField
            w={120}
            aria-label={`Процент, ступень ${index + 1}`}
            disabled={disabled}
            {...PERCENT}
            value={step.percent}
            onChange={(percent) => change(index, { percent })}
          />
          {!disabled && index > 0 && (
            <ActionIcon
              mt={4}
              aria-label={`Убрать ступень ${index + 1}`}
              onClick={() => onChange(steps.filter((_, at) => at !== index))}
            >
              <IconX size={16} stroke={1.7} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {!disabled && (
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={15} stroke={1.8} aria-hidden />}
            disabled={steps.length >= limits.NewPayScheme.steps.maxItems}
            onClick={() => onChange([...steps, { above: '', percent: '' }])}
          >
            Ещё ступень
          </Button>
        </div>
      )}
    </Stack>
  );
}
