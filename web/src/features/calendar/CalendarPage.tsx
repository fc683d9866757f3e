import { Button, CloseButton, Skeleton, VisuallyHidden } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconCalendarOff } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Empty } from '@/components/Empty';
import { reportProblem } from '@/components/notices';
import { usePageTitle } from '@/components/Page';
import { occupies } from '@/entities/visit/status';
import { useMe } from '@/lib/api/me';
import type { Visit } from '@/lib/api/model';
import { patientQuery } from '@/entities/patient/queries';
import { Problem, sentence } from '@/lib/api/problem';
import { useRecordedPrint } from '@/lib/api/accessLog';
import { calendarQuery } from '@/entities/visit/queries';
import { usePrinting } from '@/lib/printing';
import { addDays, addMinutes, dateOf, minuteFrom, minuteOf, momentAt, formatDate, formatDay } from '@/lib/time';
import { type Booking, keptBooking, newBooking } from './booking/booking';
import { BookingWindow } from './booking/BookingWindow';
import classes from './CalendarPage.module.css';
import { CalendarToolbar } from './CalendarToolbar';
import { DayStatistics } from './DayStatistics';
import { ColumnHead } from './grid/ColumnHead';
import { clinicHoursOf, type Column, columnsOf, isWorking, openingOf, spanOf } from './model/columns';
import { geometryOf } from './model/geometry';
import { shownDays } from './queries';
import type { CalendarSearch } from './search';
import { PrintedVisits } from './PrintedVisits';
import { TimeGrid } from './grid/TimeGrid';
import { useClinicNow } from './grid/useClinicNow';
import type { GridActions } from './grid/useGridPointer';
import { useVisitMoves } from './grid/useVisitMoves';
import { VisitDrawer } from './booking/VisitDrawer';

const WEEK = [0, 1, 2, 3, 4, 5, 6];

export function CalendarPage() {
  const me = useMe();
  const search = useSearch({ from: '/shell/calendar' });
  const navigate = useNavigate({ from: '/calendar' });
  const queryClient = useQueryClient();
  const now = useClinicNow(me.clinic.zone);
  const today = dateOf(now);
  const date = search.date ?? today;
  const showsStatistics = me.rights.includes('calendar_statistics');
  const view = search.view ?? 'day';
  const [usualStep, setUsualStep] = useLocalStorage<number | null>({
    key: 'denta-step',
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const step = search.step ?? usualStep ?? me.clinic.calendar_step;
  const days = shownDays(search, today);
  const { from, to } = days;
  usePageTitle(view === 'day' ? `${formatDate(date)}, расписание` : `Неделя с ${formatDate(from)}, расписание`);

  const staff = useQuery({ ...days.staff, enabled: view === 'week', placeholderData: keepPreviousData });
  const weekDoctors = staff.data?.doctors ?? [];
  const weekDoctor =
    search.doctor ?? weekDoctors.find(({ id }) => id === me.employee_id)?.id ?? weekDoctors[0]?.id ?? null;
  const everybody = weekDoctor === 'all';
  const calendar = useQuery({
    ...days.visits(weekDoctor),
    enabled: view === 'day' || weekDoctor !== null,
    placeholderData: keepPreviousData,
  });

  // the neighbouring days are likely to be looked at next
  useEffect(() => {
    if (view !== 'day' || calendar.data === undefined) return;
    for (const next of [addDays(date, 1), addDays(date, -1)])
      queryClient.query(calendarQuery(next, next)).catch(() => undefined);
  }, [view, date, calendar.data, queryClient]);

  const announcement = useRef<((text: string) => void) | null>(null);
  const { move, pending, withMoves } = useVisitMoves(announcement);
  const chosen = useMemo(
    () => (search.doctors === undefined ? null : new Set(search.doctors.split(','))),
    [search.doctors],
  );
  const [missedShown, setMissedShown] = useLocalStorage({
    key: 'denta-missed-shown',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const shown = useMemo(() => {
    if (calendar.data === undefined) return null;
    const moved = withMoves(calendar.data);
    return missedShown ? moved : { ...moved, visits: moved.visits.filter(({ status }) => occupies(status)) };
  }, [calendar.data, withMoves, missedShown]);
  // while the next days are on their way the former ones are drawn, by their own dates
  const dates = useMemo(() => {
    if (shown === null) return [];
    return view === 'day' ? shown.days.slice(0, 1) : WEEK.map((day) => addDays(shown.days[0] ?? from, day));
  }, [shown, view, from]);
  const columns = useMemo(() => {
    if (shown === null) return [];
    if (view === 'week' && !everybody) {
      return columnsOf(shown, { dates, doctors: new Set([weekDoctor ?? '']), everyDate: true, withoutDoctor: false });
    }
    const withoutDoctor = view === 'day' && shown.settings.visit_without_doctor && (chosen?.has('none') ?? true);
    return columnsOf(shown, { dates, doctors: view === 'day' ? chosen : null, everyDate: false, withoutDoctor });
  }, [shown, dates, view, everybody, weekDoctor, chosen]);
  const [first, last, opening] = useMemo(() => {
    const hours = clinicHoursOf(shown ?? { clinic_hours: [] }, dates);
    return [...spanOf(columns, hours), openingOf(columns, hours)];
  }, [columns, shown, dates]);
  const geometry = useMemo(() => geometryOf(first, last, step), [first, last, step]);

  const change = useCallback(
    (part: { [Key in keyof CalendarSearch]?: CalendarSearch[Key] | undefined }) => {
      if (part.step !== undefined) setUsualStep(part.step);
      void navigate({ search: (before) => ({ ...before, ...part }) });
    },
    [navigate, setUsualStep],
  );

  const chosenPatient = useQuery({ ...patientQuery(search.patient ?? ''), enabled: search.patient !== undefined });
  const patient = search.patient === undefined ? null : (chosenPatient.data ?? null);
  const [booking, setBooking] = useState<Booking | null>(() => keptBooking(me.user_id));
  const create = (column: Column, start: number, end: number, dragged: boolean) => {
    if (!isWorking(column.hours, start, Math.min(start + 1, end))) {
      reportProblem(
        new Problem(
          409,
          'outside_working_hours',
          `${column.name}: в это время приёма нет. Часы меняются в «Настройки – График».`,
        ),
      );
      return;
    }
    setBooking(newBooking(momentAt(column.date, start), end - start, column.doctorId, dragged, patient));
  };
  const createSoon = () => {
    const soon = addMinutes(now, step - (minuteOf(now) % step));
    const start =
      date === today ? soon : momentAt(date, columns[0]?.hours.find(([begins]) => begins > 0)?.[0] ?? opening);
    setBooking(newBooking(start, step, view === 'week' && !everybody ? weekDoctor : null, false, patient));
  };

  const actions: GridActions = {
    open: (visit) => change({ visit: visit.id }),
    create,
    move: (visit: Visit, column, start, end) => {
      const home = columns.find(
        (one) => one.visits.some(({ id }) => id === visit.id) && one.doctorId === (visit.doctor?.id ?? null),
      );
      const same =
        column.doctorId === (visit.doctor?.id ?? null) &&
        minuteFrom(column.date, visit.starts_at) === start &&
        minuteFrom(column.date, visit.ends_at) === end;
      if (same || home === undefined) return;
      void move(visit, {
        doctor: column.doctorId === null ? null : { id: column.doctorId, name: column.name },
        starts_at: momentAt(column.date, start),
        ends_at: momentAt(column.date, end),
      });
    },
    isPending: (visit) => pending.has(visit.id),
  };

  const onPaper = usePrinting();
  useRecordedPrint(
    shown === null
      ? null
      : {
          objectType: 'visit',
          filter: { from, to },
          count: columns.reduce((sum, { visits }) => sum + visits.length, 0),
        },
  );

  const shows = view === 'day' ? 'doctor' : everybody ? 'both' : 'date';
  const settings = shown?.settings ?? staff.data?.settings;
  return (
    <div className={classes.page}>
      <VisuallyHidden>
        <h1>Расписание</h1>
      </VisuallyHidden>
      <div className={classes.toolbar}>
        <CalendarToolbar
          date={date}
          today={today}
          view={view}
          step={step}
          doctors={view === 'day' ? (shown?.doctors ?? []) : weekDoctors}
          doctor={weekDoctor}
          chosen={chosen}
          withoutDoctor={settings?.visit_without_doctor ?? false}
          missedShown={missedShown}
          onMissedShown={setMissedShown}
          onChange={change}
          onNew={createSoon}
        />
        {showsStatistics && <DayStatistics day={date} />}
        {patient !== null && (
          <div className={classes.chosenPatient} role="status">
            <span>
              Выберите время для пациента: <b>{patient.name}</b>
            </span>
            <CloseButton size="sm" aria-label="Не записывать" onClick={() => change({ patient: undefined })} />
          </div>
        )}
      </div>
      {onPaper && (
        <PrintedVisits
          title={view === 'day' ? `Расписание на ${formatDate(date)}` : `Расписание на неделю с ${formatDate(from)}`}
          columns={columns}
        />
      )}
      {columns.length > 0 ? (
        <div
          className={classes.grid}
          data-waiting={calendar.isPlaceholderData || undefined}
          aria-busy={calendar.isPlaceholderData}
        >
          <TimeGrid
            label={
              view === 'day' ? `Расписание: ${formatDay(date, today)}` : `Расписание на неделю с ${formatDate(from)}`
            }
            columns={columns}
            geometry={geometry}
            today={today}
            now={from <= today && today <= to ? minuteOf(now) : null}
            opening={opening}
            oneAtOnce={settings?.patients_at_once === 'one'}
            bands={shows === 'both'}
            pending={pending}
            actions={actions}
            renderHead={(column) => <ColumnHead column={column} shows={shows} />}
            announcement={announcement}
          />
        </div>
      ) : (
        <div className={classes.loading}>
          {calendar.isError ? (
            <Empty icon={IconCalendarOff} title="Расписание не загрузилось">
              {sentence(calendar.error)}{' '}
              <Button size="compact-sm" variant="light" mt="xs" onClick={() => void calendar.refetch()}>
                Повторить
              </Button>
            </Empty>
          ) : calendar.isSuccess || (view === 'week' && staff.isSuccess && weekDoctor === null) ? (
            <Empty
              icon={IconCalendarOff}
              title={
                me.own_schedule_only
                  ? 'В этот день вы не принимаете'
                  : chosen === null
                    ? 'В этот день никто не принимает'
                    : 'Выбранные врачи в этот день не принимают'
              }
            >
              {chosen === null ? (
                'Рабочие часы задаются в разделе «Настройки – График».'
              ) : (
                <Button size="compact-sm" variant="light" onClick={() => change({ doctors: undefined })}>
                  Показать всех
                </Button>
              )}
            </Empty>
          ) : (
            <div aria-busy="true" aria-label="Загрузка расписания" role="status">
              <Skeleton h={40} mb="sm" />
              <Skeleton h="calc(100dvh - 180px)" />
            </div>
          )}
        </div>
      )}
      {booking !== null && (
        <BookingWindow
          key={booking.draft.date + booking.draft.start + (booking.draft.doctorId ?? '')}
          booking={booking}
          doctorRequired={settings?.visit_without_doctor === false}
          offered={search.patient ?? null}
          onClose={() => setBooking(null)}
          onBooked={() => {
            setBooking(null);
            change({ patient: undefined });
          }}
        />
      )}
      {search.visit !== undefined && (
        <VisitDrawer key={search.visit} id={search.visit} onClose={() => change({ visit: undefined })} />
      )}
    </div>
  );
}
