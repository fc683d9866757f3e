import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Edits, theirValue } from '@/lib/cardEdits';

/** Under a field that was touched here: what a colleague saved in it meanwhile, in words; else `hint`. */
export function theirNote<C, F extends keyof C>(
  edits: Edits<C>,
  saved: C,
  field: F,
  inWords: (value: C[F]) => string,
  hint?: ReactNode,
): ReactNode {
  const theirs = theirValue(edits, saved, field);
  if (theirs === undefined) return hint;
  const words = theirs === '' ? '' : inWords(theirs);
  return (
    <Text span inherit c="var(--status-arrived-text)">
      {words === '' ? 'Коллега очистил это поле.' : `Коллега сохранил: ${words}`}
    </Text>
  );
}
