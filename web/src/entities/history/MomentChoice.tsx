import { Button, Group } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { DateField } from '@/components/fields/DateField';
import { Form } from '@/components/fields/Form';
import { ClockField } from '@/components/fields/TextFields';
import { useMe } from '@/lib/api/me';
import { clinicNow, isLocalDate } from '@/lib/time';

interface MomentChoiceProps {
  readonly moment: string | undefined;
  readonly onMoment: (moment: string | undefined) => void;
}

/** «Состояние на дату»: a moment of the clinic's clock. */
export function MomentChoice({ moment, onMoment }: MomentChoiceProps): ReactNode {
  const now = clinicNow(useMe().clinic.zone);
  const [date, setDate] = useState((moment ?? now).slice(0, 10));
  const [time, setTime] = useState((moment ?? now).slice(11, 16));
  return (
    <Form
      onSubmit={() => {
        if (isLocalDate(date) && time !== '') onMoment(`${date}T${time}`);
      }}
    >
      <Group gap="xs" align="start" mb="md">
        <DateField
          label="Состояние на дату"
          w={170}
          leaning="past"
          value={date}
          onChange={setDate}
          max={now.slice(0, 10)}
        />
        <ClockField label="Время" w={90} value={time} onChange={setTime} />
        <Button type="submit" variant="light" disabled={date === '' || time === ''}>
          Показать
        </Button>
        {moment !== undefined && (
          <Button variant="subtle" onClick={() => onMoment(undefined)}>
            Сейчас
          </Button>
        )}
      </Group>
    </Form>
  );
}
