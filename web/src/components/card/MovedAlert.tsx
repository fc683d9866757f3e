import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';

/** Told above the buttons of a form whose object a colleague has changed since. `what`: «Карточку». */
export function MovedAlert({ what }: { readonly what: string }): ReactNode {
  return (
    <Alert color="orange" role="alert">
      {what} изменил кто-то ещё. Введённое на месте: проверьте поля и сохраните снова.
    </Alert>
  );
}
