/** Visits for which somebody can't be taken away, followed while people make room, until none is left. */
import { Alert, ScrollArea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { StandingVisits } from './StandingVisits';
import { inTheWayOf } from './conflicts';
import { type HeldBack as Whom, inTheWayQuery } from './heldBack';

interface HeldBackProps {
  readonly whom: Whom;
  /** The refusal. */
  readonly refusal: Error;
  /** What can be done once no visit is left: «Теперь карту можно удалить.» */
  readonly done: string;
}

const LABELS = { employee: 'Предстоящие визиты сотрудника', patient: 'Предстоящие визиты пациента' } as const;

export function HeldBack({ whom, refusal, done }: HeldBackProps): ReactNode {
  const query = useQuery({ ...inTheWayQuery(whom), placeholderData: () => inTheWayOf(refusal) });
  const { sentence, visits } = query.data ?? inTheWayOf(refusal);
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
          <StandingVisits visits={visits} label={LABELS[whom.kind]} />
        </ScrollArea>
      )}
    </>
  );
}
