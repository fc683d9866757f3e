import { Alert, ScrollArea } from '@mantine/core';
import type { ReactNode } from 'react';
import { StandingVisits } from '@/components/StandingVisits';
import type { Conflict } from '@/lib/api/conflicts';

interface ComingVisitsProps {
  readonly conflicts: readonly Conflict[];
  /** What the person does once the visits are gone: «потом удалите сотрудника». */
  readonly then: string;
}

/** A change refused because visits of the employee are coming, which are listed with links. */
export function ComingVisits({ conflicts, then }: ComingVisitsProps): ReactNode {
  return (
    <>
      <Alert color="red" role="alert">
        У сотрудника есть предстоящие визиты. Перенесите их к другому врачу или отмените, {then}.
      </Alert>
      <ScrollArea>
        <StandingVisits visits={conflicts.flatMap(({ visits }) => visits)} label="Предстоящие визиты сотрудника" />
      </ScrollArea>
    </>
  );
}
