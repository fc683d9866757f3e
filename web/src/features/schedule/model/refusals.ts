/** What the server answers when it refuses a save because the schedule moved. */
import { list, nameIn, record, text } from '@/lib/api/facts';
import { isProblem } from '@/lib/api/problem';
import { normalised, type Hours, type Week } from './hours';
import type { DayKind } from './dayKinds';
import { cellKey, type Edits } from './pending';

export interface DayValue {
  readonly kind: DayKind;
  readonly hours: Hours;
}

export interface OthersChange {
  readonly key: string;
  /** null = the organisation. */
  readonly employee: string | null;
  readonly date: string | null;
  readonly old: DayValue | Week | null;
  readonly new: DayValue | Week | null;
}

export interface Moved {
  readonly version: number;
  readonly changes: readonly OthersChange[];
  /** Who came to or left the grid meanwhile. */
  readonly staff: readonly string[];
  readonly authors: readonly { readonly moment: string; readonly author: string }[];
}

function readDay(value: unknown): DayValue | null {
  if (value === null || value === undefined) return null;
  const day = record(value);
  return { kind: day.kind as DayKind, hours: normalised(list(day.intervals) as [string, string][]) };
}

function readWeek(value: unknown): Week | null {
  return Array.isArray(value) ? (value as [string, string][][]).map(normalised) : null;
}

/** What others saved since the version that the edits are based on; null for any other refusal. */
export function movedIn(error: unknown): Moved | null {
  if (!isProblem(error, 'schedule_moved')) return null;
  const { facts } = error;
  const changes = record(facts.changes);
  const organisation = changes.organisation;
  const found: OthersChange[] = [];
  if (organisation !== null && organisation !== undefined) {
    const { old: before, new: after } = record(organisation);
    found.push({ key: 'organisation', employee: null, date: null, old: readWeek(before), new: readWeek(after) });
  }
  for (const each of list(changes.weeks)) {
    const week = record(each);
    const employeeId = text(record(week.employee).id);
    found.push({
      key: employeeId,
      employee: nameIn(week.employee),
      date: null,
      old: readWeek(week.old),
      new: readWeek(week.new),
    });
  }
  for (const each of list(changes.days)) {
    const day = record(each);
    const employeeId = text(record(day.employee).id);
    const date = text(day.date);
    found.push({
      key: cellKey({ employeeId, date }),
      employee: nameIn(day.employee),
      date,
      old: readDay(day.old),
      new: readDay(day.new),
    });
  }
  return {
    version: typeof facts.version === 'number' ? facts.version : 0,
    changes: found,
    staff: [
      ...list(facts.added).map((each) => `${nameIn(each)}: теперь в графике`),
      ...list(facts.removed).map((each) => `${nameIn(each)}: удалён из графика`),
    ],
    authors: list(facts.versions).map((each) => {
      const saved = record(each);
      return { moment: text(saved.moment), author: nameIn(saved.author) };
    }),
  };
}

/** Do these edits set what others changed too? */
export function collides(change: OthersChange, edits: Edits): boolean {
  if (change.key === 'organisation') return edits.organisation !== null;
  return change.date === null ? change.key in edits.weeks : change.key in edits.days;
}
