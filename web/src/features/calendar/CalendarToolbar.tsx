import { ActionIcon, Button, Group, Popover, SegmentedControl, Select, Tooltip } from '@mantine/core';
import { DatePicker } from '@mantine/dates';
import { markToday } from '@/components/markToday';
import { IconCalendar, IconChevronLeft, IconChevronRight, IconEye, IconEyeOff, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Choice } from '@/components/fields/Choice';
import type { CalendarDoctor } from '@/lib/api/model';
import { addDays, type LocalDate, mondayOf, format, formatDayShort } from '@/lib/time';
import classes from './CalendarToolbar.module.css';
import { DayPapers } from './DayPapers';
import { DoctorFilter } from './DoctorFilter';
import { STEPS } from './model/geometry';
import type { CalendarSearch, CalendarView } from './search';

interface CalendarToolbarProps {
  date: LocalDate;
  today: LocalDate;
  view: CalendarView;
  step: number;
  /** Of the day or week on the screen. */
  doctors: readonly CalendarDoctor[];
  doctor: string | null;
  chosen: ReadonlySet<string> | null;
  withoutDoctor: boolean;
  /** Whether cancelled visits and no-shows are shown. */
  missedShown: boolean;
  onMissedShown: (shown: boolean) => void;
  onChange: (change: { [Key in keyof CalendarSearch]?: CalendarSearch[Key] | undefined }) => void;
  onNew: () => void;
}

function titleOf(date: LocalDate, view: CalendarView): string {
  if (view === 'day') {
    const text = format(date, 'dddd, D MMMM');
    return `${text.charAt(0).toUpperCase()}${text.slice(1)} ${date.slice(0, 4)}`;
  }
  const monday = mondayOf(date);
  const sunday = addDays(monday, 6);
  const sameMonth = monday.slice(0, 7) === sunday.slice(0, 7);
  return `${format(monday, sameMonth ? 'D' : 'D MMMM')} – ${format(sunday, 'D MMMM YYYY')}`;
}

/** For tablets, where the row is short. */
function briefOf(date: LocalDate, view: CalendarView): string {
  return view === 'day' ? `${formatDayShort(date)} ${date.slice(0, 4)}` : titleOf(date, view);
}

export function CalendarToolbar(props: CalendarToolbarProps) {
  const {
    date,
    today,
    view,
    step,
    doctors,
    doctor,
    chosen,
    withoutDoctor,
    missedShown,
    onMissedShown,
    onChange,
    onNew,
  } = props;
  const missed = missedShown ? 'Скрыть отменённые и неявки' : 'Показать отменённые и неявки';
  const [picking, setPicking] = useState(false);
  const days = view === 'day' ? 1 : 7;
  const go = (next: LocalDate) => onChange({ date: next === today ? undefined : next });
  const back = view === 'day' ? 'Предыдущий день' : 'Предыдущая неделя';
  const forth = view === 'day' ? 'Следующий день' : 'Следующая неделя';

  return (
    <Group gap="sm" wrap="wrap" justify="space-between">
      <Group gap={6} wrap="nowrap">
        <Button variant="default" px="sm" onClick={() => go(today)} disabled={date === today}>
          Сегодня
        </Button>
        {/* no tooltips: below the arrows they would cover the first doctor */}
        <ActionIcon variant="default" size={36} aria-label={back} onClick={() => go(addDays(date, -days))}>
          <IconChevronLeft size={18} stroke={1.8} />
        </ActionIcon>
        <ActionIcon variant="default" size={36} aria-label={forth} onClick={() => go(addDays(date, days))}>
          <IconChevronRight size={18} stroke={1.8} />
        </ActionIcon>
        <Popover opened={picking} onChange={setPicking} position="bottom-start" trapFocus>
          <Popover.Target>
            <Button
              variant="subtle"
              color="gray"
              c="var(--mantine-color-text)"
              px="xs"
              fz="lg"
              fw={600}
              leftSection={<IconCalendar size={19} stroke={1.6} aria-hidden />}
              title="Выбрать дату"
              onClick={() => setPicking((open) => !open)}
            >
              <span className={classes.full}>{titleOf(date, view)}</span>
              <span className={classes.brief}>{briefOf(date, view)}</span>
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <DatePicker
              value={date}
              defaultDate={date}
              getDayProps={markToday(today)}
              withWeekNumbers={false}
              onChange={(next) => {
                if (next !== null) go(next);
                setPicking(false);
              }}
            />
          </Popover.Dropdown>
        </Popover>
      </Group>
      <Group gap={6} wrap="nowrap">
        {view === 'day' ? (
          <DoctorFilter
            doctors={doctors}
            chosen={chosen}
            withoutDoctor={withoutDoctor}
            onChange={(ids) => onChange({ doctors: ids })}
          />
        ) : (
          <Choice
            aria-label="Врач"
            w={210}
            clearable={false}
            placeholder="Врач"
            data={[
              { value: 'all', label: 'Все врачи' },
              ...doctors.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={doctor}
            onChange={(next) => onChange({ doctor: next ?? undefined })}
          />
        )}
        <Select
          aria-label="Шаг сетки"
          w={88} // one line at 1024 px even by a wider font, until the page's own has come
          rightSectionWidth={24}
          allowDeselect={false}
          clearable={false}
          data={STEPS.map((minutes) => ({ value: String(minutes), label: `${minutes} мин` }))}
          value={String(step)}
          onChange={(next) => onChange({ step: Number(next) })}
        />
        <SegmentedControl
          aria-label="Вид расписания"
          value={view}
          data={[
            { value: 'day', label: 'День' },
            { value: 'week', label: 'Неделя' },
          ]}
          onChange={(next) => onChange({ view: next === 'week' ? 'week' : undefined })}
        />
        <Tooltip label={missed} position="left">
          <ActionIcon
            variant="default"
            size={36}
            aria-label="Отменённые и неявки"
            aria-pressed={missedShown}
            onClick={() => onMissedShown(!missedShown)}
          >
            {missedShown ? <IconEye size={18} stroke={1.7} /> : <IconEyeOff size={18} stroke={1.7} />}
          </ActionIcon>
        </Tooltip>
        <DayPapers date={date} today={today} doctors={doctors} />
        <Button
          leftSection={<IconPlus size={17} stroke={2} aria-hidden />}
          classNames={{ section: classes.full }}
          px="sm"
          onClick={onNew}
        >
          Записать
        </Button>
      </Group>
    </Group>
  );
}
