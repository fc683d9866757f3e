import { queryOptions } from '@tanstack/react-query';
import { answer, api, ifMatch } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import type { Value } from '@/lib/cardEdits';

export type Setting = components['schemas']['Setting'];
export type SettingHistory = components['schemas']['SettingHistory'];

/** Settings are shown on two pages, each with a right of its own; both are parts of one object. */
export type SettingsPart = 'settings' | 'information';

export function settingsQuery(part: SettingsPart) {
  return queryOptions({
    queryKey: ['settings', part],
    queryFn: ({ signal }) =>
      answer(
        part === 'settings' ? api.GET('/api/settings', { signal }) : api.GET('/api/clinic-information', { signal }),
      ),
    meta: { models: ['settings', 'catalogue'] },
  });
}

export function settingsHistoryQuery(part: SettingsPart, moment: string | undefined) {
  const params = { query: moment === undefined ? {} : { moment } };
  return queryOptions({
    queryKey: ['settings-history', part, moment ?? null],
    queryFn: ({ signal }) =>
      answer(
        part === 'settings'
          ? api.GET('/api/settings/history', { params, signal })
          : api.GET('/api/clinic-information/history', { params, signal }),
      ),
    meta: { models: ['settings', 'catalogue', 'employees'] },
  });
}

export function changeSettings(part: SettingsPart, version: number, values: Record<string, Value>) {
  const sent = { params: { header: ifMatch(version) }, body: { values } };
  return answer(part === 'settings' ? api.PATCH('/api/settings', sent) : api.PATCH('/api/clinic-information', sent));
}
