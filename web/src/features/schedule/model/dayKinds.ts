import type { components } from '@/lib/api/schema';

/** What a day of an employee is. */
export type DayKind = components['schemas']['DaySet']['kind'];

interface DayKindWords {
  /** In a narrow cell of the grid; a shift shows its hours there. */
  readonly code: string;
  /** In a wide one. */
  readonly short: string;
  readonly title: string;
}

export const DAY_KINDS: Readonly<Record<DayKind, DayKindWords>> = {
  work: { code: '9', short: 'смена', title: 'рабочая смена' },
  off: { code: 'В', short: 'выходной', title: 'выходная смена' },
  vacation: { code: 'ОТ', short: 'отпуск', title: 'отпуск' },
  sick: { code: 'Б', short: 'больничный', title: 'больничный' },
};

export const DAY_KINDS_IN_ORDER = Object.keys(DAY_KINDS) as DayKind[];
