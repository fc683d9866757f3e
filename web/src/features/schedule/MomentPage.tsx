/** «Состояние на дату»: the schedule as it was at any moment of the clinic's clock. */
import { Button, Group, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { Page } from '@/components/Page';
import { useMe } from '@/lib/api/me';
import { clinicNow } from '@/lib/time';
import { parseTime } from './hours';
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
      wanted={{ moment }}
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
  const [date, setDate] = useState<string | null>((moment ?? now).slice(0, 10));
  const [time, setTime] = useState((moment ?? now).slice(11, 16));
  const parsed = parseTime(time);
  const valid = parsed !== null && parsed !== '24:00';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (date !== null && valid) onShow(`${date.slice(0, 10)}T${parsed}`);
      }}
    >
      <Group align="end" gap="xs" mb="md">
        <DateInput
          label="Дата"
          value={date}
          onChange={setDate}
          valueFormat="DD.MM.YYYY"
          maxDate={now.slice(0, 10)}
          w={150}
        />
        <TextInput
          label="Время"
          w={90}
          value={time}
          inputMode="numeric"
          error={!valid}
          onChange={(event) => setTime(event.currentTarget.value)}
        />
        <Button type="submit" variant="light" disabled={date === null || !valid}>
          Показать
        </Button>
      </Group>
    </form>
  );
}
