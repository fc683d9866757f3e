import { describe, expect, it } from 'vitest';
import { formatVersion } from './versionWords';

const NOTHING = { to_version: null, organisation_changed: false, weeks_changed: 0, days_changed: 0, subject: null };
const FOMIN = { id: 'fomin', name: 'Фомин Виктор' };

describe('a version in a line', () => {
  it.each([
    [{ ...NOTHING, kind: 'opened' }, 'Первый график клиники'],
    [{ ...NOTHING, kind: 'employee_added', subject: FOMIN }, 'Принят сотрудник: Фомин Виктор'],
    [{ ...NOTHING, kind: 'employee_removed', subject: FOMIN }, 'Удалён сотрудник: Фомин Виктор'],
    [{ ...NOTHING, kind: 'employee_returned', subject: FOMIN }, 'Возвращён сотрудник: Фомин Виктор'],
    [{ ...NOTHING, kind: 'saved', organisation_changed: true, days_changed: 2 }, 'Часы организации, 2 смены'],
    [{ ...NOTHING, kind: 'restored', to_version: 4, weeks_changed: 1 }, 'Возврат к версии № 4: недельные графики: 1'],
  ] as const)('%o', (version, text) => {
    expect(formatVersion(version)).toBe(text);
  });
});
