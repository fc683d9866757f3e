import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { FieldRefusal } from '@/components/FieldRefusal';
import { ProblemAlert } from '@/components/ProblemAlert';
import { ProblemLinks } from '@/components/ProblemText';
import type { EditedCard } from './useCardEdits';

export interface SaveRefusalProps {
  /** What is saved: «Карточку». */
  readonly what: string;
  readonly edited: Pick<EditedCard<object>, 'gone' | 'dirty' | 'moved'> & {
    readonly saving: { readonly error: Error | null };
  };
  /** What the refusal says of fields of the form: shown there, not here. */
  readonly faults: Readonly<Record<string, string | undefined>> | null;
  /** The form tells of the refusal by itself. */
  readonly elsewhere?: boolean;
}

const GONE = {
  deleted: 'удалили: ваши правки не сохранены. Они видны в полях, сохранить их можно после возврата.',
  merged: 'объединили с другой: ваши правки не сохранены. Они видны в полях, перенесите нужное в основную карту.',
};

/** Above the buttons of a form: why its last save was refused, or why the next one can't be tried. */
export function SaveRefusal(props: SaveRefusalProps): ReactNode {
  const { what, faults, elsewhere = false } = props;
  const { gone, dirty, moved, saving } = props.edited;
  if (gone !== null && dirty) {
    return (
      <Alert color="orange" role="alert">
        {what} {GONE[gone]}
      </Alert>
    );
  }
  if (moved) {
    return (
      <Alert color="orange" role="alert">
        {what} изменил кто-то ещё. Введённое на месте: проверьте поля и сохраните снова.
      </Alert>
    );
  }
  if (faults !== null && Object.keys(faults).length > 0) {
    return (
      <>
        <FieldRefusal faults={faults} />
        <ProblemLinks error={saving.error} withSentence />
      </>
    );
  }
  return elsewhere ? null : <ProblemAlert error={saving.error} title="Сохранить не получилось" />;
}
