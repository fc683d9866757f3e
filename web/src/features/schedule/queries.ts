/** The API of the working hours: queries with the tables they are made of, and their answers in the grid's own shapes. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api, ifMatch } from '@/lib/api/client';
import { readConflict, type Conflict } from '@/entities/visit/conflicts';
import { TIME_GOES_BY_MS } from '@/entities/visit/deletionConflicts';
import type { components } from '@/lib/api/schema';
import type { Saved } from './model/cells';
import type { DateKey } from './model/dates';
import { normalised } from './model/hours';
import type { ChangesBody } from './model/pending';

type Schemas = components['schemas'];
export type PastSchedule = Schemas['PastSchedule'];
export type ComparedEmployee = Schemas['ComparedEmployee'];
export type ComparedDay = Schemas['ComparedDay'];
export type ScheduleVersion = Schemas['ScheduleVersion'];
export type RangeAction = Schemas['RangeQuery']['action'];
export type RangeCell = Schemas['DaySet'];
type Done = Schemas['Done'];

const HOURS_MODELS = ['schedule_versions', 'working_weeks', 'working_days', 'employees', 'catalogue'] as const;

export const scheduleQuery = (from: DateKey, to: DateKey) =>
  queryOptions({
    queryKey: ['schedule', from, to],
    queryFn: async ({ signal }): Promise<Saved> => {
      const grid = await answer(api.GET('/api/schedule', { params: { query: { from, to } }, signal }));
      return {
        version: grid.version,
        organisation: grid.organisation.map(normalised),
        employees: grid.employees
          .filter((employee) => !employee.deleted)
          .map((employee) => ({
            id: employee.id,
            name: employee.name,
            position: employee.position,
            week: employee.week?.map(normalised) ?? null,
            days: employee.days.map((day) => ({ ...day, intervals: normalised(day.intervals) })),
          })),
      };
    },
    placeholderData: keepPreviousData,
    meta: { models: HOURS_MODELS },
  });

export function saveChanges(base: number, body: ChangesBody): Promise<Done> {
  return answer(api.POST('/api/schedule/changes', { params: { header: ifMatch(base) }, body }));
}

/** The conflicts of edits now; a visit that is moved, cancelled or booked anywhere has them asked for again. */
export const conflictsQuery = (body: ChangesBody) =>
  queryOptions({
    queryKey: ['schedule-conflicts', body],
    queryFn: async ({ signal }): Promise<readonly Conflict[]> =>
      (await answer(api.POST('/api/schedule/conflicts', { body, signal }))).conflicts.map(readConflict),
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: TIME_GOES_BY_MS,
    meta: { models: ['calendar', 'schedule_versions'] },
  });

export async function rangeCells(
  employeeIds: readonly string[],
  from: DateKey,
  to: DateKey,
  action: RangeAction,
): Promise<RangeCell[]> {
  const body = { employee_ids: [...employeeIds], from, to, action };
  return (await answer(api.POST('/api/schedule/ranges', { body }))).days;
}

export const versionsQuery = (page: number, size: number) =>
  queryOptions({
    queryKey: ['schedule-versions', page, size],
    queryFn: ({ signal }) => answer(api.GET('/api/schedule/versions', { params: { query: { page, size } }, signal })),
    placeholderData: keepPreviousData,
    meta: { models: ['schedule_versions', 'employees'] },
  });

/** What the version window shows: a version, or the schedule at a moment of the clinic's clock. */
export type WhichVersion = { readonly version: number } | { readonly moment: string };

export const thenQuery = (which: WhichVersion, from: DateKey, to: DateKey) =>
  queryOptions({
    queryKey: ['schedule-then', which, from, to],
    queryFn: ({ signal }): Promise<PastSchedule> =>
      'version' in which
        ? answer(
            api.GET('/api/schedule/versions/{version}', {
              params: { path: { version: which.version }, query: { from, to } },
              signal,
            }),
          )
        : answer(api.GET('/api/schedule/at', { params: { query: { moment: which.moment, from, to } }, signal })),
    placeholderData: (previous, query) =>
      JSON.stringify(query?.queryKey[1]) === JSON.stringify(which) ? previous : undefined,
    staleTime: 0,
    meta: { models: [...HOURS_MODELS, 'calendar', 'patients'] },
  });

export function restoreVersion(base: number, version: number): Promise<Done> {
  return answer(api.POST('/api/schedule/restore', { params: { header: ifMatch(base) }, body: { version } }));
}
