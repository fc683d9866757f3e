import { ActionIcon, Button, Group, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Choice } from '@/components/fields/Choice';
import { NumberField } from '@/components/fields/NumberField';
import { PERCENT, type Performer } from '@/entities/visit/visitLines';
import { limits } from '@/lib/api/limits';
import type { Ref, VisitLine } from '@/lib/api/model';
import { shortName } from '@/lib/text';
import { scaled } from '@/lib/typed/decimals';
import { formatNumber, shortest } from '@/lib/typed/numbers';
import { performersQuery } from '../queries';

interface PerformersProps {
  readonly line: VisitLine;
  /** Who is named already, also those who are deleted since. */
  readonly known: readonly Ref[];
  /** The visit's. */
  readonly doctor: string | null;
  readonly disabled: boolean;
  readonly error: string | undefined;
  readonly onChange: (performers: Performer[]) => void;
}

const WHOLE = 10_000n;

/** Who did a service: the visit's doctor, or people with shares of it. */
export function Performers({ line, known, doctor, disabled, error, onChange }: PerformersProps): ReactNode {
  const [opened, setOpened] = useState(false);
  const { data } = useQuery({ ...performersQuery, enabled: opened || line.performers.length > 0 });
  const names = new Map([...known, ...(data?.items ?? [])].map(({ id, name }) => [id, name]));
  const { performers } = line;
  const shown =
    performers.length === 0
      ? doctor === null
        ? 'Исполнитель: врач визита'
        : shortName(doctor)
      : performers
          .map(({ employee_id, share }) => `${shortName(names.get(employee_id) ?? '…')} ${formatNumber(share)} %`)
          .join(', ');
  const all = performers.reduce((sum, { share }) => sum + (scaled(share, 2) ?? 0n), 0n);
  const fault = performers.length > 0 && all !== WHOLE ? 'Доли вместе должны составлять 100 %' : error;
  if (disabled) {
    return (
      <Text fz="xs" c="dimmed">
        {shown}
      </Text>
    );
  }
  const change = (at: number, part: Partial<Performer>) =>
    onChange(performers.map((one, other) => (other === at ? { ...one, ...part } : one)));
  const free = (data?.items ?? []).filter(({ id }) => performers.every(({ employee_id }) => employee_id !== id));
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      width={460}
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <UnstyledButton
          display="block"
          fz="xs"
          c={fault === undefined ? 'dimmed' : 'var(--mantine-color-error)'}
          tabIndex={-1}
          aria-label={`Исполнители: ${line.name}. Сейчас: ${shown}`}
          onClick={() => setOpened(!opened)}
        >
          {fault === undefined ? shown : fault}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {performers.map((performer, at) => (
            <Group key={performer.employee_id} gap="xs" wrap="nowrap">
              <Text fz="sm" flex={1}>
                {names.get(performer.employee_id) ?? '…'}
              </Text>
              <Choice
                aria-label={`Роль: ${names.get(performer.employee_id) ?? ''}`}
                size="xs"
                w={120}
                data={[
                  { value: 'doctor', label: 'врач' },
                  { value: 'assistant', label: 'ассистент' },
                ]}
                value={performer.role}
                onChange={(role) => change(at, { role: role === 'doctor' ? 'doctor' : 'assistant' })}
              />
              <NumberField
                aria-label={`Доля: ${names.get(performer.employee_id) ?? ''}`}
                size="xs"
                w={90}
                {...PERCENT}
                unit="%"
                reasonBelow={false}
                value={shortest(performer.share)}
                onChange={(share) => change(at, { share })}
              />
              <ActionIcon
                aria-label={`Убрать исполнителя: ${names.get(performer.employee_id) ?? ''}`}
                onClick={() => onChange(performers.filter((_, other) => other !== at))}
              >
                <IconX size={16} stroke={1.7} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          {performers.length < limits.NewLine.performers.maxItems && (
            <Choice
              key={performers.length}
              aria-label="Добавить исполнителя"
              placeholder={performers.length === 0 ? 'Кто оказал услугу' : 'Добавить исполнителя'}
              size="xs"
              data={free.map(({ id, name }) => ({ value: id, label: name }))}
              value={null}
              onChange={(id) => {
                const one = free.find((other) => other.id === id);
                if (one === undefined) return;
                const left = all > WHOLE ? 0n : WHOLE - all;
                const share = shortest(`${left / 100n}.${String(left % 100n).padStart(2, '0')}`);
                onChange([...performers, { employee_id: one.id, role: one.doctor ? 'doctor' : 'assistant', share }]);
              }}
            />
          )}
          {fault !== undefined && (
            <Text fz="xs" c="var(--mantine-color-error)" role="alert">
              {fault}
            </Text>
          )}
          <Group justify="end">
            <Button size="compact-sm" variant="default" onClick={() => setOpened(false)}>
              Готово
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
