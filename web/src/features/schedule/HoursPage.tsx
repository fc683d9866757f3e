/** «Настройки – График»: who works when, by month or week; edits wait until «Сохранить» makes one version of them. */
import { Alert, Anchor, Button, Group, VisuallyHidden } from '@mantine/core';
import { Loading } from '@/components/Loading';
import { useHotkeys } from '@mantine/hooks';
import { IconBuilding, IconCalendarRepeat, IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useBlocker, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { ButtonLink } from '@/components/links';
import { withoutSlash } from '@/components/ownPage';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useToday } from '@/components/fields/useToday';
import { useMe } from '@/lib/api/me';
import { formatMoment, toClinic } from '@/lib/time';
import type { Saved } from './model/cells';
import { addDays, datesFrom, firstOf, lastOf, monthOf, type DateKey } from './model/dates';
import { EditsBar } from './grid/EditsBar';
import { HoursDialogs } from './dialogs/HoursDialogs';
import { LeaveDialog } from './dialogs/LeaveDialog';
import { Legend } from './grid/Legend';
import { PeriodBar } from './grid/PeriodBar';
import { scheduleQuery } from './queries';
import { ScheduleGrid } from './grid/ScheduleGrid';
import classes from './schedule.module.css';
import { useHoursEditing } from './model/useHoursEditing';

export function HoursPage(): ReactNode {
  const me = useMe();
  const search = useSearch({ from: '/shell/settings/hours' });
  const navigate = useNavigate({ from: '/settings/hours' });
  const today = useToday();
  const week = search.week ?? null;
  const month = search.month ?? monthOf(week ?? today);
  const [from, to] = week === null ? [firstOf(month), lastOf(month)] : [week, addDays(week, 6)];
  const dates = useMemo(() => datesFrom(from, to), [from, to]);
  const schedule = useQuery(scheduleQuery(from, to));
  // kept from another month while this one loads: its dates don't fit
  const fits = schedule.data?.employees.every((row) => row.days[0]?.date === from && row.days.length === dates.length);
  const saved = fits === true ? schedule.data : undefined;

  function show(shown: { month: string; week: DateKey | null }): void {
    void navigate({
      search: (before) => ({
        ...(before.employee === undefined ? {} : { employee: before.employee }),
        month: shown.month,
        ...(shown.week === null ? {} : { week: shown.week }),
      }),
    });
  }

  return (
    <Page
      title="График работы"
      fill
      across
      actions={
        <>
          <ButtonLink
            to="/settings/hours/versions"
            variant="default"
            leftSection={<IconHistory size={17} stroke={1.6} />}
          >
            Версии
          </ButtonLink>
          <ButtonLink to="/settings/hours/at" variant="default">
            Состояние на дату
          </ButtonLink>
        </>
      }
    >
      {schedule.isError && saved === undefined ? (
        <ProblemAlert error={schedule.error} />
      ) : (
        <HoursEditing
          key={me.user_id}
          userId={me.user_id}
          saved={saved}
          dates={dates}
          today={today}
          month={month}
          week={week}
          marked={search.employee}
          zone={me.clinic.zone}
          onShow={show}
        />
      )}
    </Page>
  );
}

interface HoursEditingProps {
  readonly userId: string;
  readonly saved: Saved | undefined;
  readonly dates: readonly DateKey[];
  readonly today: DateKey;
  readonly month: string;
  readonly week: DateKey | null;
  readonly marked: string | undefined;
  readonly zone: string;
  readonly onShow: (shown: { month: string; week: DateKey | null }) => void;
}

function HoursEditing(props: HoursEditingProps): ReactNode {
  const { saved, dates, today, month, week, onShow } = props;
  const editing = useHoursEditing(props.userId, saved, dates, props.marked);
  const { pending, count, dialog } = editing;
  useHotkeys([
    ['mod+Z', editing.undo, { usePhysicalKeys: true }],
    ['mod+shift+Z', editing.redo, { usePhysicalKeys: true }],
  ]);
  const blocker = useBlocker({
    // a visit opened from a red frame is a short way out and back: the edits wait in the session
    shouldBlockFn: ({ current, next }) =>
      count > 0 &&
      withoutSlash(current.pathname) === '/settings/hours' &&
      next.pathname !== current.pathname &&
      !next.pathname.startsWith('/visits/'),
    enableBeforeUnload: () => count > 0,
    withResolver: true,
  });

  return (
    <>
      <Group justify="space-between" mb="sm" gap="sm">
        <PeriodBar shown={{ month, week }} today={today} onShow={onShow} />
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconCalendarRepeat size={17} stroke={1.6} />}
            disabled={saved === undefined}
            onClick={() => dialog.open({ type: 'ranges' })}
          >
            Смены и отпуска…
          </Button>
          <Button
            variant="default"
            leftSection={<IconBuilding size={17} stroke={1.6} />}
            disabled={saved === undefined}
            onClick={() => dialog.open({ type: 'organisation' })}
          >
            Часы организации…
          </Button>
        </Group>
      </Group>
      {editing.found && count > 0 && (
        <Alert mb="sm" withCloseButton closeButtonLabel="Закрыть" onClose={editing.closeFound} py={8}>
          Восстановлены несохранённые правки: {count}. Они видны в графике и ждут сохранения.
        </Alert>
      )}
      {saved !== undefined && pending.base !== null && pending.base < saved.version && count > 0 && (
        <Alert mb="sm" color="orange" py={8} role="status">
          Пока вы правили, график сохранил кто-то ещё. Новые часы уже на экране; при сохранении вы увидите, что
          изменилось.
        </Alert>
      )}
      {editing.conflicts !== null && (
        <Alert
          mb="sm"
          color={editing.currentConflicts.length > 0 ? 'red' : 'teal'}
          py={8}
          role="alert"
          withCloseButton
          closeButtonLabel="Закрыть"
          onClose={editing.closeConflicts}
        >
          {editing.currentConflicts.length > 0 ? (
            <>
              График не сохранён: на нерабочее время попадают визиты (
              {editing.currentConflicts.reduce((sum, { visits }) => sum + visits.length, 0)}). Перенесите их и сохраните
              снова.{' '}
              <Anchor component="button" type="button" inherit onClick={() => dialog.open({ type: 'conflicts' })}>
                Показать визиты
              </Anchor>
            </>
          ) : (
            'Больше ничего не мешает: нажмите «Сохранить».'
          )}
        </Alert>
      )}
      {editing.failure !== null && (
        <div className={classes.failure}>
          <ProblemAlert error={editing.failure} title="График не сохранён, правки на месте" />
        </div>
      )}
      <div className={classes.grid}>
        {saved === undefined ? (
          <Loading height="100%" what="График загружается" />
        ) : (
          <ScheduleGrid
            label={week === null ? 'График сотрудников на месяц' : 'График сотрудников на неделю'}
            rows={editing.rows}
            dates={dates}
            today={today}
            choosing
            selection={editing.selection}
            onSelect={editing.select}
            onOpen={editing.openCell}
            onHours={editing.openHours}
            onWeek={editing.openWeek}
          />
        )}
      </div>
      <VisuallyHidden role="status">{editing.announcement}</VisuallyHidden>
      <EditsBar
        chosen={editing.chosen.length}
        count={count}
        canUndo={pending.past.length > 0}
        canRedo={pending.future.length > 0}
        saving={editing.saving}
        onWork={() => editing.setShift('work')}
        onOff={() => editing.setShift('off')}
        onSet={() => dialog.open({ type: 'cells', hoursFirst: false })}
        onRange={() => dialog.open({ type: 'ranges' })}
        onUnchoose={editing.unchoose}
        onList={() => dialog.open({ type: 'edits' })}
        onUndo={editing.undo}
        onRedo={editing.redo}
        onSave={editing.save}
      />
      <div className={classes.legend}>
        <Legend pending />
      </div>
      {saved !== undefined && (
        <HoursDialogs
          editing={editing}
          saved={saved}
          dates={dates}
          formatMoment={(moment) => formatMoment(toClinic(moment, props.zone))}
          onGo={(conflict) => onShow({ month: monthOf(conflict.date), week: null })}
        />
      )}
      {blocker.status === 'blocked' && (
        <LeaveDialog
          count={count}
          onStay={blocker.reset}
          onLeave={blocker.proceed}
          onDrop={() => {
            editing.forget();
            blocker.proceed();
          }}
        />
      )}
    </>
  );
}
