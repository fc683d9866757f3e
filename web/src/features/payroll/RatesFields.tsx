/** Percentages of single services, and of categories of services. */
import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Choice } from '@/components/fields/Choice';
import { NumberField } from '@/components/fields/NumberField';
import { ratedQuery, type Scheme } from '@/entities/payroll/queries';
import { limits } from '@/lib/api/limits';
import { type DraftRate, EMPTY_RATE, PERCENT } from './schemeForm';

interface RatesFieldsProps {
  readonly scheme: Scheme | null;
  readonly rates: readonly DraftRate[];
  readonly disabled: boolean;
  readonly onChange: (rates: readonly DraftRate[]) => void;
}

export function RatesFields({ scheme, rates, disabled, onChange }: RatesFieldsProps): ReactNode {
  const items = useQuery(ratedQuery).data?.items;
  const data = (items ?? []).map(({ kind, id, name, category }) => ({
    value: `${kind}:${id}`,
    label: kind === 'category' ? `Категория «${name}»` : category === '' ? name : `${name} (${category})`,
  }));
  const offered = new Set(data.map(({ value }) => value));
  // what was deleted since is no choice any more, but stays
  const gone = (scheme?.rates ?? [])
    .map(({ kind, item_id: id, name }) => ({ value: `${kind}:${id}`, label: name }))
    .filter(({ value }) => items !== undefined && !offered.has(value));
  const change = (index: number, part: Partial<DraftRate>) =>
    onChange(rates.map((rate, at) => (at === index ? { ...rate, ...part } : rate)));
  return (
    <Stack gap={6}>
      {rates.length > 0 && (
        <Text fz="sm" c="dimmed">
          Процент услуги важнее процента её категории.
        </Text>
      )}
      {rates.map((rate, index) => (
        <Group key={index} gap="xs" align="start" wrap="nowrap">
          <Choice
            flex={1}
            aria-label={`Услуга или категория, строка ${index + 1}`}
            placeholder="Услуга или категория"
            disabled={disabled || items === undefined}
            data={[...data, ...gone]}
            value={rate.item === '' ? null : rate.item}
            onChange={(item) => change(index, { item: item ?? '' })}
          />
          <NumberField
            w={120}
            aria-label={`Процент, строка ${index + 1}`}
            disabled={disabled}
            {...PERCENT}
            value={rate.percent}
            onChange={(percent) => change(index, { percent })}
          />
          {!disabled && (
            <ActionIcon
              mt={4}
              aria-label={`Убрать строку ${index + 1}`}
              onClick={() => onChange(rates.filter((_, at) => at !== index))}
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
            disabled={rates.length >= limits.NewPayScheme.rates.maxItems}
            onClick={() => onChange([...rates, EMPTY_RATE])}
          >
            Особый процент услуги или категории
          </Button>
        </div>
      )}
    </Stack>
  );
}
