/** Visits for which somebody can't be taken away, followed while people make room, until none is left. */
import { Alert, ScrollArea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ConflictingVisits } from './ConflictingVisits';
import { deletionConflictsOf } from './conflicts';
import { type Whom, deletionConflictsQuery } from './deletionConflicts';

interface FollowedConflictsProps {
  readonly whom: Whom;
  /** The refusal. */
  readonly refusal: Error;
  /** What can be done once no visit is left: «Теперь карту можно удалить.» */
  readonly done: string;
}

const LABELS = { employee: 'Предстоящие визиты сотрудника', patient: 'Предстоящие визиты пациента' } as const;

export function FollowedConflicts({ whom, refusal, done }: FollowedConflictsProps): ReactNode {
  const query = useQuery({ ...deletionConflictsQuery(whom), placeholderData: () => deletionConflictsOf(refusal) });
  const { sentence, visits } = query.data ?? deletionConflictsOf(refusal);
  if (sentence === '') {
    return (
      <Alert color="green" role="status">
        Больше ничего не мешает. {done}
      </Alert>
    );
  }
  return (
    <>
      <Alert color="red" role="alert">
        {sentence}
      </Alert>
      {visits.length > 0 && (
        <ScrollArea>
          <ConflictingVisits visits={visits} label={LABELS[whom.kind]} />
        </ScrollArea>
      )}
    </>
  );
}
