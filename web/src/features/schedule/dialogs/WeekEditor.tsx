/** Seven days of hours, each with a tick «рабочий день». */
import { Box, Checkbox, Stack } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { hoursFault, WEEKDAYS, type Hours, type Week } from '../model/hours';
import { HoursEditor } from './HoursEditor';

const USUAL: Hours = [['09:00', '21:00']];

export function weekFault(week: Week): string | null {
  for (const [day, hours] of week.entries()) {
    const fault = hoursFault(hours);
    if (fault !== null) return `${WEEKDAYS[day] ?? ''}: ${fault}`;
  }
  return null;
}

interface WeekEditorProps {
  readonly value: Week;
  readonly onChange: (week: Week) => void;
}

export function WeekEditor({ value, onChange }: WeekEditorProps): ReactNode {
  return (
    <Stack gap={10}>
      {WEEKDAYS.map((name, day) => (
        <DayEditor
          key={name}
          name={name}
          value={value[day] ?? []}
          onChange={(hours) => onChange(value.map((before, at) => (at === day ? hours : before)))}
        />
      ))}
    </Stack>
  );
}

interface DayEditorProps {
  readonly name: string;
  readonly value: Hours;
  readonly onChange: (hours: Hours) => void;
}

/** A day off remembers the hours it had, so that an unticked day can be ticked again. */
export function DayEditor({ name, value, onChange }: DayEditorProps): ReactNode {
  const [last, setLast] = useState<Hours>(value.length > 0 ? value : USUAL);
  const works = value.length > 0;
  return (
    <Box style={{ display: 'grid', gridTemplateColumns: '150px 1fr', alignItems: 'start' }}>
      <Checkbox
        label={name}
        checked={works}
        mt={8}
        onChange={(event) => {
          if (works) setLast(value);
          onChange(event.currentTarget.checked ? last : []);
        }}
      />
      {works ? (
        <HoursEditor value={value} onChange={onChange} of={name} />
      ) : (
        <Box c="dimmed" fz="sm" mt={8}>
          выходной
        </Box>
      )}
    </Box>
  );
}
