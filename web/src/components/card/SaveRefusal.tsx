import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemAlert } from '@/components/ProblemAlert';

interface SaveRefusalProps {
  /** What is saved: «Карточку». */
  readonly what: string;
  readonly edited: { readonly moved: boolean; readonly saving: { readonly error: Error | null } };
  /** The refusal names fields of the form, and is shown there. */
  readonly atFields: boolean;
}

/** Above the buttons of a form: why its last save was refused. */
export function SaveRefusal({ what, edited: { moved, saving }, atFields }: SaveRefusalProps): ReactNode {
  if (moved) {
    return (
      <Alert color="orange" role="alert">
        {what} изменил кто-то ещё. Введённое на месте: проверьте поля и сохраните снова.
      </Alert>
    );
  }
  return atFields ? null : <ProblemAlert error={saving.error} title="Сохранить не получилось" />;
}
