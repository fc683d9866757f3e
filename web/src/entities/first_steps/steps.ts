import { linkOptions } from '@tanstack/react-router';
import type { components } from '@/lib/api/schema';
import { type LocalDate, formatDay } from '@/lib/time';

export type FirstSteps = components['schemas']['FirstSteps'];
export type Step = FirstSteps['done'][number];

const LINKS = {
  clinic: linkOptions({ to: '/settings/clinic' }),
  hours: linkOptions({ to: '/settings/hours' }),
  staff: linkOptions({ to: '/employees/new', search: { takes_visits: true } }),
  services: linkOptions({ to: '/services' }),
  booking: linkOptions({ to: '/calendar' }),
};

function onDay(date: LocalDate) {
  return linkOptions({ to: '/calendar', search: { date } });
}

export interface StepAbout {
  readonly name: Step;
  readonly title: string;
  readonly why: string;
  readonly link: (typeof LINKS)[Step] | ReturnType<typeof onDay>;
  readonly action: string;
  /** Of the first booking: the day that its link opens the calendar at. */
  readonly onDay?: LocalDate;
}

/** The way of a new clinic to its first booking. */
const STEPS: readonly StepAbout[] = [
  {
    name: 'clinic',
    title: 'Информация о клинике',
    why: 'Юридическое лицо, телефон и ИНН печатаются в документах.',
    link: LINKS.clinic,
    action: 'Заполнить',
  },
  {
    name: 'hours',
    title: 'Часы работы',
    why: 'Записать пациента можно только в рабочее время. Сейчас: каждый день с 9 до 21.',
    link: LINKS.hours,
    action: 'Задать часы',
  },
  {
    name: 'staff',
    title: 'Врачи',
    why: 'Сотрудник с отметкой «Ведёт приём» появится в расписании.',
    link: LINKS.staff,
    action: 'Добавить врача',
  },
  {
    name: 'services',
    title: 'Услуги',
    why: 'Цена и длительность услуги подставятся в запись.',
    link: LINKS.services,
    action: 'Добавить услугу',
  },
  {
    name: 'booking',
    title: 'Первая запись',
    why: 'Щёлкните свободное время врача, назовите пациента и сохраните.',
    link: LINKS.booking,
    action: 'Записать',
  },
];
export const STEPS_COUNT = STEPS.length;

/** The steps as they stand today: on a day off the first booking leads to the day on which somebody works. */
export function stepsOf(steps: FirstSteps, today: LocalDate): readonly StepAbout[] {
  return STEPS.map((step) => (step.name === 'booking' ? firstBooking(step, steps, today) : step));
}

function firstBooking(step: StepAbout, { done, working_day }: FirstSteps, today: LocalDate): StepAbout {
  if (!done.includes('staff') || working_day === today) return step;
  if (working_day === null) {
    const why = 'В ближайшие два месяца ни один врач не работает: записать не к кому.';
    return { ...step, why, link: LINKS.hours, action: 'Задать часы' };
  }
  const why = `Сегодня приёма уже нет, ближайший рабочий день – ${formatDay(working_day, today)}. ${step.why}`;
  return { ...step, why, link: onDay(working_day), onDay: working_day };
}

/** The first step that isn't done. */
export function nextStep(steps: FirstSteps, today: LocalDate): StepAbout | undefined {
  return stepsOf(steps, today).find(({ name }) => !steps.done.includes(name));
}

/** Nobody can be booked yet: a user who sets the clinic up lands at the guide instead of an empty calendar. */
export function isEmpty(done: readonly Step[]): boolean {
  return !done.includes('staff') && !done.includes('booking');
}
