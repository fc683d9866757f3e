import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import type { components } from './schema';

export type Step = components['schemas']['FirstSteps']['done'][number];

export interface StepAbout {
  readonly name: Step;
  readonly title: string;
  readonly why: string;
  readonly to: '/settings/clinic' | '/settings/hours' | '/employees/new' | '/services' | '/calendar';
  readonly action: string;
}

/** The way of a new clinic to its first booking. */
export const STEPS: readonly StepAbout[] = [
  {
    name: 'clinic',
    title: 'Информация о клинике',
    why: 'Юридическое лицо, телефон и ИНН печатаются в документах.',
    to: '/settings/clinic',
    action: 'Заполнить',
  },
  {
    name: 'hours',
    title: 'Часы работы',
    why: 'Записать пациента можно только в рабочее время. Сейчас: каждый день с 9 до 21.',
    to: '/settings/hours',
    action: 'Задать часы',
  },
  {
    name: 'staff',
    title: 'Врачи',
    why: 'Добавьте сотрудника с отметкой «Ведёт приём»: он появится в расписании.',
    to: '/employees/new',
    action: 'Добавить врача',
  },
  {
    name: 'services',
    title: 'Услуги',
    why: 'Цена и длительность услуги подставятся в запись.',
    to: '/services',
    action: 'Добавить услугу',
  },
  {
    name: 'booking',
    title: 'Первая запись',
    why: 'Щёлкните свободное время врача, назовите пациента и сохраните.',
    to: '/calendar',
    action: 'Записать',
  },
];

export const firstStepsQuery = queryOptions({
  queryKey: ['first-steps'],
  queryFn: ({ signal }) => answer(api.GET('/api/first-steps', { signal })),
  staleTime: 60_000,
  meta: { models: ['settings', 'schedule_versions', 'employees', 'services', 'calendar'] },
});

/** The first step that isn't done. */
export function nextStep(done: readonly Step[]): StepAbout | undefined {
  return STEPS.find(({ name }) => !done.includes(name));
}

/** Nobody can be booked yet: whoever sets the clinic up lands at the guide instead of an empty calendar. */
export function isEmpty(done: readonly Step[]): boolean {
  return !done.includes('staff') && !done.includes('booking');
}
