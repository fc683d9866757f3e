import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';
import { Choice } from '@/components/fields/Choice';
import { DateField } from '@/components/fields/DateField';
import { DurationField } from '@/components/fields/NumberField';
import { ClockField } from '@/components/fields/TextFields';
import { useToday } from '@/components/fields/useToday';
import { useMe } from '@/lib/api/me';
import { calendarQuery } from './queries';
import type { CalendarDoctor } from '@/lib/api/model';
import { shortName } from '@/lib/text';
import { isLocalDate, formatDuration, formatTime } from '@/lib/time';
import { occupies } from './status';
import { endOf, startOf, type VisitFault, type VisitTime } from './visitDraft';
import classes from './VisitTimeFields.module.css';

interface VisitTimeFieldsProps {
  draft: VisitTime;
  faults: VisitFault;
  /** The doctor as the visit names them, for one who doesn't work on the chosen day. */
  known?: { id: string; name: string } | null;
  /** The visit itself, which doesn't stand in its own way. */
  visitId?: string;
  /** How long the chosen services take together. */
  proposed: number;
  onChange: (change: Partial<VisitTime>) => void;
  disabled?: boolean;
}

function hoursOf(doctor: CalendarDoctor, date: string): string {
  const intervals = doctor.days.find((day) => day.date === date)?.intervals ?? [];
  return intervals.length === 0 ? 'не работает' : intervals.map(([from, to]) => `${from}–${to}`).join(', ');
}

const TIME = ['doctorId', 'date', 'start', 'duration'] as const;
const FAULTS = ['doctor', 'date', 'start', 'duration'] as const;

/** Doctor, date, time and duration: what decides whether the visit fits. Not drawn again for what is typed into other fields. */
export const VisitTimeFields = memo(
  Fields,
  (before, now) =>
    TIME.every((field) => before.draft[field] === now.draft[field]) &&
    FAULTS.every((field) => before.faults[field] === now.faults[field]) &&
    before.known?.id === now.known?.id &&
    before.known?.name === now.known?.name &&
    before.visitId === now.visitId &&
    before.proposed === now.proposed &&
    before.disabled === now.disabled &&
    before.onChange === now.onChange,
);

function Fields({ draft, faults, known = null, visitId, proposed, onChange, disabled = false }: VisitTimeFieldsProps) {
  const ownOnly = useMe().own_schedule_only;
  const today = useToday();
  const { data, isPending } = useQuery({ ...calendarQuery(draft.date, draft.date), enabled: isLocalDate(draft.date) });
  const doctors = (data?.doctors ?? []).filter(
    (doctor) =>
      doctor.id === draft.doctorId || (!doctor.deleted && doctor.days.some((day) => day.intervals.length > 0)),
  );
  const options = doctors.map((doctor) => ({ value: doctor.id, label: doctor.name }));
  if (known !== null && draft.doctorId === known.id && !doctors.some(({ id }) => id === known.id)) {
    options.unshift({ value: known.id, label: known.name });
  }
  const byId = new Map(doctors.map((doctor) => [doctor.id, doctor]));
  const chosen = draft.doctorId === null ? undefined : byId.get(draft.doctorId);
  const start = startOf(draft);
  const end = endOf(draft);
  const beside =
    start === null || end === null || draft.doctorId === null
      ? []
      : (data?.visits ?? []).filter(
          (visit) =>
            visit.id !== visitId &&
            visit.doctor?.id === draft.doctorId &&
            occupies(visit.status) &&
            visit.starts_at < end &&
            start < visit.ends_at,
        );
  return (
    <div>
      <div className={classes.fields}>
        <Choice
          className={classes.doctor}
          label="Врач"
          placeholder={isPending ? 'Загрузка…' : data?.settings.visit_without_doctor ? 'Без врача' : 'Выберите врача'}
          clearable={data?.settings.visit_without_doctor ?? false}
          disabled={disabled}
          error={faults.doctor}
          data={options}
          value={draft.doctorId}
          onChange={(doctorId) => onChange({ doctorId })}
          nothingFoundMessage={ownOnly ? 'В этот день вы не работаете' : 'В этот день никто не работает'}
          renderOption={({ option }) => {
            const doctor = byId.get(option.value);
            return (
              <div>
                <div>{option.label}</div>
                <Text fz="xs" c="dimmed">
                  {doctor === undefined
                    ? 'не работает в этот день'
                    : `${doctor.position} · ${hoursOf(doctor, draft.date)}`}
                </Text>
              </div>
            );
          }}
        />
        <DateField
          className={classes.date}
          label="Дата"
          leaning="coming"
          disabled={disabled}
          error={faults.date}
          description={isLocalDate(draft.date) && draft.date < today && !disabled ? 'прошедший день' : undefined}
          value={draft.date}
          onChange={(date) => onChange({ date })}
        />
        <ClockField
          className={classes.time}
          label="Время"
          disabled={disabled}
          error={faults.start}
          value={draft.start}
          onChange={(start) => onChange({ start })}
        />
        <DurationField
          className={classes.duration}
          label="Длительность"
          disabled={disabled}
          error={faults.duration}
          value={draft.duration}
          onChange={(duration) => onChange({ duration })}
        />
      </div>
      <Group gap="xs" mih={24} mt={4}>
        <Text fz="sm" c="dimmed">
          {end === null ? '' : `До ${formatTime(end)}`}
          {chosen === undefined
            ? ''
            : `${end === null ? '' : ' · '}${chosen.position}, часы врача: ${hoursOf(chosen, draft.date)}`}
        </Text>
        {proposed > 0 && draft.duration !== proposed && !disabled && (
          <Button size="compact-xs" variant="light" onClick={() => onChange({ duration: proposed })}>
            По услугам: {formatDuration(proposed)}
          </Button>
        )}
      </Group>
      {beside.length > 0 && (
        <Text fz="sm" c="var(--status-arrived-text)" role="status">
          В это время у врача уже {beside.length === 1 ? 'есть визит' : 'есть визиты'}:{' '}
          {beside
            .map(
              (visit) => `${formatTime(visit.starts_at)}–${formatTime(visit.ends_at)} ${shortName(visit.patient.name)}`,
            )
            .join(', ')}
        </Text>
      )}
    </div>
  );
}
