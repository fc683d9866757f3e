import { Button, Group, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useState, type ReactNode } from 'react';
import { useMe } from '@/lib/api/me';
import { clinicNow, parseClock } from '@/lib/time';

interface MomentChoiceProps {
  readonly moment: string | undefined;
  readonly onMoment: (moment: string | undefined) => void;
}

/** «Состояние на дату»: a moment of the clinic's clock. */
export function MomentChoice({ moment, onMoment }: MomentChoiceProps): ReactNode {
  const now = clinicNow(useMe().clinic.zone);
  const [date, setDate] = useState<string | null>((moment ?? now).slice(0, 10));
  const [time, setTime] = useState((moment ?? now).slice(11, 16));
  const minute = parseClock(time);
  const valid = minute !== null && minute < 1440;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (date !== null && valid) onMoment(`${date.slice(0, 10)}T${time.padStart(5, '0')}`);
      }}
    >
      <Group gap="xs" align="end" mb="md">
        <DateInput label="Состояние на дату" w={150} value={date} onChange={setDate} maxDate={now.slice(0, 10)} />
        <TextInput
          label="Время"
          w={80}
          value={time}
          error={!valid}
          maxLength={5}
          onChange={(event) => setTime(event.currentTarget.value)}
        />
        <Button type="submit" variant="light" disabled={date === null || !valid}>
          Показать
        </Button>
        {moment !== undefined && (
          <Button variant="subtle" onClick={() => onMoment(undefined)}>
            Сейчас
          </Button>
        )}
      </Group>
    </form>
  );
}
