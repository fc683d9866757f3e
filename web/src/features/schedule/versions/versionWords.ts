import { capital, counted } from '@/lib/text';
import type { ScheduleVersion } from '../queries';

type Changes = Pick<ScheduleVersion, 'organisation_changed' | 'weeks_changed' | 'days_changed'>;
type Version = Changes & Pick<ScheduleVersion, 'kind' | 'subject' | 'to_version'>;

/** What changes, part by part. */
export function formatChanges({ organisation_changed, weeks_changed, days_changed }: Changes): string[] {
  return [
    ...(organisation_changed ? ['часы организации'] : []),
    ...(weeks_changed > 0 ? [`недельные графики: ${weeks_changed}`] : []),
    ...(days_changed > 0 ? [counted(days_changed, 'смена', 'смены', 'смен')] : []),
  ];
}

/** What a version changed, in a line. */
export function formatVersion(version: Version): string {
  if (version.kind === 'opened') return 'Первый график клиники';
  const who = version.subject?.name ?? '';
  if (version.kind === 'employee_added') return `Принят сотрудник: ${who}`;
  if (version.kind === 'employee_removed') return `Удалён сотрудник: ${who}`;
  if (version.kind === 'employee_returned') return `Возвращён сотрудник: ${who}`;
  const what = formatChanges(version).join(', ');
  if (version.kind === 'restored') {
    const back = `Возврат к версии № ${version.to_version ?? '?'}`;
    return what === '' ? back : `${back}: ${what}`;
  }
  return what === '' ? 'Без изменений' : capital(what);
}
