/** «Состояние на дату»: the schedule as it was at any moment of the clinic's clock. */
import { Button, Group } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { DateField } from '@/components/fields/DateField';
import { Form } from '@/components/fields/Form';
import { ClockField } from '@/components/fields/TextFields';
import { Page } from '@/components/Page';
import { useMe } from '@/lib/api/me';
import { clinicNow, isLocalDate } from '@/lib/time';
import { VersionView } from './VersionView';

const route = getRouteApi('/shell/settings/hours/at');

export function MomentPage(): ReactNode {
  const { moment, month, differences } = route.useSearch();
  const navigate = route.useNavigate();
  const chooser = (
    <MomentForm
      key={moment}
      moment={moment}
      onShow={(next) => void navigate({ search: (before) => ({ ...before, moment: next, month: next.slice(0, 7) }) })}
    />
  );
  if (moment === undefined) return <Page title="Состояние графика на дату">{chooser}</Page>;
  return (
    <VersionView
      which={{ moment }}
      month={month}
      differences={differences === true}
      onSearch={(search) => void navigate({ search: { ...search, moment }, replace: true })}
      chooser={chooser}
    />
  );
}

function MomentForm({ moment, onShow }: { moment: string | undefined; onShow: (moment: string) => void }): ReactNode {
  const me = useMe();
  const now = clinicNow(me.clinic.zone);
  const [date, setDate] = useState((moment ?? now).slice(0, 10));
  const [time, setTime] = useState((moment ?? now).slice(11, 16));
  return (
    <Form
      onSubmit={() => {
        if (isLocalDate(date) && time !== '') onShow(`${date}T${time}`);
      }}
    >
      <Group align="start" gap="xs" mb="md">
        <DateField label="Дата" leaning="past" value={date} onChange={setDate} max={now.slice(0, 10)} w={170} />
        <ClockField label="Время" w={90} value={time} onChange={setTime} />
        <Button type="submit" variant="light" disabled={date === '' || time === ''}>
          Показать
        </Button>
      </Group>
    </Form>
  );
}
