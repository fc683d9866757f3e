/** Rows of a loading by what becomes of them, as its page offers and counts them. */
import type { ExcelImport, Shown } from './queries';

type Counts = ExcelImport['counts'];

interface RowKind {
  readonly kind: Shown;
  readonly title: string;
  /** As the tab says it: of rows that are decided about, only those that still wait. */
  readonly count: number;
  /** All that the tab shows. */
  readonly rows: number;
}

const UNDOING = [
  ['Отменено', 'undone'],
  ['Осталось', 'not_undone'],
] as const;

export function undecidedOf(counts: Counts): number {
  return counts.needs_decision - counts.decided;
}

/** Kinds without rows aren't offered. */
export function kindsOf(counts: Counts): RowKind[] {
  const undecided = undecidedOf(counts);
  const plain = (kind: Shown, title: string, rows: number): RowKind => ({ kind, title, count: rows, rows });
  const kinds: RowKind[] = [
    undecided > 0
      ? { ...plain('needs_decision', 'На решение', counts.needs_decision), count: undecided }
      : plain('needs_decision', 'Решено', counts.needs_decision),
    plain('refused', 'Ошибки', counts.refused),
    plain('edit', 'Изменения', counts.edit),
    plain('create', 'Новые', counts.create),
    plain('errors', 'Не выполнено', counts.failed + counts.not_undone),
  ];
  return kinds.filter(({ rows }) => rows > 0);
}

/** Before loading what would become of the rows, afterwards what did. */
export function outcomesOf({ state, counts }: Pick<ExcelImport, 'state' | 'counts'>): [label: string, count: number][] {
  const undecided = undecidedOf(counts);
  if (state === 'checked') {
    return [
      ['Создать', counts.create],
      ['Изменить', counts.edit],
      ['На решение', undecided],
      ...only(['Решено', counts.decided]),
      ['С ошибками', counts.refused],
      ['Без изменений', counts.unchanged],
    ];
  }
  const undone = counts.undone + counts.not_undone > 0;
  return [
    ['Создано', counts.created],
    ['Изменено', counts.edited],
    ['С ошибками', counts.refused + counts.failed],
    ['Без изменений', counts.unchanged],
    ...only(['Без решения', undecided]),
    ...(undone ? UNDOING.map(([label, key]): [string, number] => [label, counts[key]]) : []),
  ];
}

function only(outcome: [label: string, count: number]): [label: string, count: number][] {
  return outcome[1] > 0 ? [outcome] : [];
}
