/** The intervals of one day, typed as times; says beside the field what is wrong and offers a break. */
import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useId, type ReactNode } from 'react';
import { ClockField } from '@/components/fields/TextFields';
import { hoursFault, overMidnight, withBreak, type Hours } from '../model/hours';

interface HoursEditorProps {
  readonly value: Hours;
  readonly onChange: (hours: Hours) => void;
  /** What the hours belong to, for screen readers: «Понедельник». */
  readonly of: string;
  readonly autoFocus?: boolean;
  /** Just one interval, no breaks. */
  readonly single?: boolean;
}

export function HoursEditor({ value, onChange, of, autoFocus = false, single = false }: HoursEditorProps): ReactNode {
  const faultId = useId();
  const fault = hoursFault(value);
  const times = value.length === 0 ? ([['', '']] as const) : value;

  function set(index: number, side: 0 | 1, text: string): void {
    onChange(
      times.map((interval, at) => (at === index ? (side === 0 ? [text, interval[1]] : [interval[0], text]) : interval)),
    );
  }

  return (
    <Stack gap={6}>
      {times.map(([from, to], index) => (
        <Group key={index} gap={6} wrap="nowrap">
          {([from, to] as const).map((time, side) => (
            <Group key={side} gap={6} wrap="nowrap">
              {side === 1 && <Text c="dimmed">–</Text>}
              <ClockField
                w={76}
                size="sm"
                aria-label={`${of}: ${side === 0 ? 'с' : 'до'}${times.length > 1 ? `, интервал ${index + 1}` : ''}`}
                aria-describedby={fault ? faultId : undefined}
                placeholder={side === 0 ? '09:00' : '21:00'}
                value={time}
                endOfDay
                reasonBelow={false}
                data-autofocus={autoFocus && index === 0 && side === 0 ? true : undefined}
                onChange={(text) => set(index, side === 0 ? 0 : 1, text)}
              />
            </Group>
          ))}
          {times.length > 1 && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={30}
              aria-label={`${of}: убрать интервал ${index + 1}`}
              onClick={() => onChange(times.filter((_, at) => at !== index))}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
          {!single && index === times.length - 1 && times.length < 6 && (
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPlus size={14} />}
              aria-label={`${of}: перерыв`}
              disabled={fault !== null || withBreak(value) === value}
              onClick={() => onChange(withBreak(value))}
            >
              перерыв
            </Button>
          )}
        </Group>
      ))}
      {fault !== null && value.some(([from, to]) => from !== '' && to !== '') && (
        <Text id={faultId} size="xs" c="red" role="alert">
          {fault}
        </Text>
      )}
      {fault === null && value.length > 0 && overMidnight(value) && (
        <Text size="xs" c="dimmed">
          Смена заканчивается на следующий день.
        </Text>
      )}
    </Stack>
  );
}
