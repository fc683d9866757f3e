import { Button, Checkbox, Group, Popover, Stack, Text } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useMe } from '@/lib/api/me';
import type { CalendarDoctor } from '@/lib/api/model';

interface DoctorFilterProps {
  doctors: readonly CalendarDoctor[];
  /** null: all are shown. */
  chosen: ReadonlySet<string> | null;
  withoutDoctor: boolean;
  onChange: (ids: string | undefined) => void;
}

/** Which columns the day shows; the choice stands in the address and stays when the day changes. */
export function DoctorFilter({ doctors, chosen, withoutDoctor, onChange }: DoctorFilterProps) {
  const ownOnly = useMe().own_schedule_only;
  const all = [
    ...doctors.map(({ id, name, position }) => ({ id, name, position })),
    ...(withoutDoctor ? [{ id: 'none', name: 'Без врача', position: '' }] : []),
  ];
  const shown = all.filter(({ id }) => chosen?.has(id) ?? true).length;
  const toggle = (id: string) => {
    const next = new Set(chosen ?? all.map((one) => one.id));
    if (!next.delete(id)) next.add(id);
    onChange(all.every((one) => next.has(one.id)) ? undefined : [...next].join(','));
  };
  return (
    <Popover position="bottom-end" width={350} trapFocus>
      <Popover.Target>
        <Button
          variant={chosen === null ? 'default' : 'light'}
          px="sm"
          leftSection={<IconFilter size={16} stroke={1.7} aria-hidden />}
        >
          {chosen === null ? 'Все врачи' : `Врачи: ${shown} из ${all.length}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Group justify="space-between" mb={6} px={4}>
          <Text fz="sm" fw={500}>
            Показывать в расписании
          </Text>
          <Button size="compact-xs" variant="subtle" disabled={chosen === null} onClick={() => onChange(undefined)}>
            Всех
          </Button>
        </Group>
        <Stack gap={2} mah={360} style={{ overflowY: 'auto' }}>
          {all.map(({ id, name, position }) => (
            <Group key={id} gap={4} wrap="nowrap" justify="space-between" px={4} py={3}>
              <Checkbox
                label={name}
                description={position || undefined}
                checked={chosen?.has(id) ?? true}
                onChange={() => toggle(id)}
              />
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                flex="none"
                aria-label={`Только ${name}`}
                onClick={() => onChange(id)}
              >
                Только
              </Button>
            </Group>
          ))}
          {all.length === 0 && (
            <Text fz="sm" c="dimmed" p={4}>
              {ownOnly ? 'В этот день вы не работаете' : 'В этот день никто не работает'}
            </Text>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
