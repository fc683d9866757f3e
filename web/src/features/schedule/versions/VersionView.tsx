/** The window of a version: the schedule as it was, what differs from today, what conflicts with returning to it. */
import { Alert, Anchor, Button, Group, Switch, Text, Tooltip } from '@mantine/core';
import { Loading } from '@/components/Loading';
import { Mark } from '@/components/Mark';
import { IconArrowBackUp, IconHistory, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import { IconLink, TextLink } from '@/components/links';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { Empty } from '@/components/Empty';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useToday } from '@/components/fields/useToday';
import { useMe } from '@/lib/api/me';
import { isProblem } from '@/lib/api/problem';
import { formatMoment, toClinic } from '@/lib/time';
import { ConflictsDialog } from '../dialogs/ConflictsDialog';
import { datesFrom, firstOf, lastOf, monthOf, writeLongDate } from '../model/dates';
import { Legend } from '../grid/Legend';
import { PeriodBar } from '../grid/PeriodBar';
import { thenQuery, type PastSchedule, type WhichVersion } from '../queries';
import { readConflict, type Conflict } from '@/entities/visit/conflicts';
import { RestoreDialog } from './RestoreDialog';
import { ScheduleGrid } from '../grid/ScheduleGrid';
import classes from '../schedule.module.css';
import * as select from '../model/selection';
import { thenRows } from './thenRows';

interface VersionViewProps {
  readonly which: WhichVersion;
  readonly month: string | undefined;
  readonly differences: boolean;
  readonly onSearch: (search: { month: string; differences?: boolean }) => void;
  /** Above the grid: the choice of a moment. */
  readonly chooser?: ReactNode;
}

export function VersionView({ which, month: asked, differences, onSearch, chooser }: VersionViewProps): ReactNode {
  const me = useMe();
  const router = useRouter();
  const today = useToday();
  const month = asked ?? monthOf(today);
  const [from, to] = [firstOf(month), lastOf(month)];
  const dates = useMemo(() => datesFrom(from, to), [from, to]);
  const query = useQuery(thenQuery(which, from, to));
  const then = query.data;
  const fits = then !== undefined && !query.isPlaceholderData;
  const rows = useMemo(() => (fits ? thenRows(then, dates, differences) : []), [fits, then, dates, differences]);
  const [selection, setSelection] = useState(select.START);
  // the visits of one cell, or of all
  const [frame, setFrame] = useState<{ readonly employeeId: string; readonly date: string } | 'all' | null>(null);
  // as it was when the question was asked: what is confirmed is what was shown
  const [asking, setAsking] = useState<PastSchedule | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const hours = me.rights.includes('hours');

  const moment = then ? formatMoment(toClinic(then.moment, me.clinic.zone)) : '';
  const title = 'moment' in which ? `График на ${formatMoment(which.moment)}` : then ? `График на ${moment}` : 'График';
  const conflicts = useMemo(() => then?.blockers.conflicts.map(readConflict) ?? [], [then]);
  const isCurrent = then !== undefined && then.version === then.current_version;
  const focused = rows[selection.focus.row];
  const cell = focused?.cells[selection.focus.column];
  const date = dates[selection.focus.column];

  function search(next: { month?: string; differences?: boolean }): void {
    const only = next.differences ?? differences;
    onSearch({ month: next.month ?? month, ...(only ? { differences: true } : {}) });
  }

  return (
    <Page
      title={title}
      fill
      across
      actions={
        <>
          {hours && then && !isCurrent && (
            <Button
              leftSection={<IconArrowBackUp size={18} stroke={1.7} />}
              disabled={!then.restorable || query.isFetching}
              onClick={() => setAsking(then)}
            >
              Вернуться к данному состоянию
            </Button>
          )}
          <Tooltip label="Закрыть">
            <IconLink
              to="/settings/hours/versions"
              size={36}
              aria-label="Закрыть"
              onClick={(event) => {
                // back to where the window was opened from: the journal, the list of versions, the grid
                if (!router.history.canGoBack()) return;
                event.preventDefault();
                router.history.back();
              }}
            >
              <IconX size={20} />
            </IconLink>
          </Tooltip>
        </>
      }
    >
      {chooser}
      {then && (
        <Group gap="xs" mb="sm" mt={-8}>
          <Text size="sm" c="dimmed">
            Версия № {then.version} от {moment}
            {then.author ? `, ${then.author.name}` : ''}
          </Text>
          {isCurrent && <Mark like="completed">действует сейчас</Mark>}
          {hours && (
            <TextLink to="/settings/hours" size="sm">
              К текущему графику
            </TextLink>
          )}
        </Group>
      )}
      <Group justify="space-between" mb="sm">
        <PeriodBar
          shown={{ month, week: null }}
          today={today}
          weeks={false}
          onShow={(shown) => search({ month: shown.month })}
        />
        <Switch
          label="Только отличия"
          checked={differences}
          onChange={(event) => search({ differences: event.currentTarget.checked })}
        />
      </Group>
      {query.isError &&
        ('moment' in which && isProblem(query.error, 'not_found', 'unknown_version') ? (
          <Empty icon={IconHistory} title="В это время графика ещё не было">
            Первая версия сохранена позже. Выберите другую дату.
          </Empty>
        ) : (
          <ProblemAlert error={query.error} />
        ))}
      {refused !== null && (
        <Alert
          color="orange"
          mb="sm"
          py={8}
          role="alert"
          withCloseButton
          closeButtonLabel="Закрыть"
          onClose={() => setRefused(null)}
        >
          {refused}
        </Alert>
      )}
      {then && !isCurrent && <Blockers then={then} conflicts={conflicts} onVisits={() => setFrame('all')} />}
      {!query.isError && (
        <div className={classes.grid}>
          {fits ? (
            <ScheduleGrid
              label={title}
              rows={rows}
              dates={dates}
              today={today}
              choosing={false}
              selection={selection}
              onSelect={setSelection}
              onOpen={(place) => {
                const id = rows[place.row]?.id;
                const here = then.employees.find((employee) => employee.id === id);
                const day = here?.days[place.column];
                if (here && day?.conflict) setFrame({ employeeId: here.id, date: day.date });
              }}
            />
          ) : (
            <Loading height="100%" what="График загружается" />
          )}
        </div>
      )}
      {!query.isError && (
        <Group justify="space-between" py={10} gap="xs">
          <Text size="sm" role="status">
            {focused && cell && date ? `${focused.name}, ${writeLongDate(date)}: ${cell.label}` : ' '}
          </Text>
          <Group gap="md">
            <Text size="xs" c="dimmed">
              сверху – в этой версии, снизу – сейчас
            </Text>
            <Legend />
          </Group>
        </Group>
      )}
      {frame && (
        <ConflictsDialog
          title="Визиты на нерабочем времени этой версии"
          conflicts={
            frame === 'all'
              ? conflicts
              : conflicts.filter(({ employeeId, date }) => employeeId === frame.employeeId && date === frame.date)
          }
          done="Эти визиты больше не мешают."
          onClose={() => setFrame(null)}
          onGo={(conflict) => {
            search({ month: monthOf(conflict.date) });
            setFrame(null);
          }}
        />
      )}
      {asking && (
        <RestoreDialog
          then={asking}
          moment={moment}
          onClose={() => setAsking(null)}
          onRefused={(reason) => {
            setAsking(null);
            setRefused(reason);
            void query.refetch();
          }}
        />
      )}
    </Page>
  );
}

interface BlockersProps {
  readonly then: PastSchedule;
  readonly conflicts: readonly Conflict[];
  readonly onVisits: () => void;
}

function Blockers({ then, conflicts, onVisits }: BlockersProps): ReactNode {
  const { employees } = then.blockers;
  const visits = conflicts.reduce((sum, conflict) => sum + conflict.visits.length, 0);
  if (employees.length === 0 && visits === 0) {
    if (then.restorable) return null;
    return (
      <Alert color="gray" mb="sm" py={8}>
        Часы этой версии совпадают с текущими: возвращать нечего.
      </Alert>
    );
  }
  return (
    <Alert color="red" mb="sm" py={8} title="Вернуться к этому состоянию пока нельзя">
      {employees.length > 0 && (
        <div>
          Удалены после этой версии, верните их:{' '}
          {employees.map((employee, index) => (
            <span key={employee.id}>
              {index > 0 && ', '}
              <ObjectLink type="employee" id={employee.id} inherit underline="always">
                {employee.name}
              </ObjectLink>
            </span>
          ))}
          .
        </div>
      )}
      {visits > 0 && (
        <div>
          На нерабочее время попадают визиты ({visits}), перенесите их:{' '}
          <Anchor component="button" type="button" inherit underline="always" onClick={onVisits}>
            показать визиты
          </Anchor>
          .
        </div>
      )}
    </Alert>
  );
}
