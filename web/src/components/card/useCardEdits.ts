import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '@/lib/api/problem';
import { changed, type Edits, type Part, typed, without } from '@/lib/cardEdits';

interface Saving<C> {
  /** As it is stored now. */
  readonly saved: C;
  readonly send: (fields: Part<C>) => Promise<unknown>;
  /** Fetches again what shows the card: after a save, and where a colleague was quicker. */
  readonly refresh: () => Promise<unknown>;
  readonly onSaved?: () => void;
}

export interface EditedCard<C> {
  readonly edits: Edits<C>;
  /** What a save sends: the touched fields that differ. */
  readonly sending: Part<C>;
  readonly dirty: boolean;
  /** A colleague saved meanwhile: what was typed stays, and is sent by the next try. */
  readonly moved: boolean;
  readonly saving: UseMutationResult<unknown, Error, Part<C>>;
  readonly type: <F extends keyof C>(field: F, value: C[F]) => void;
  readonly save: () => void;
  /** Back to what is stored. */
  readonly forget: () => void;
}

/**
 * A card that is typed into while others may change it: what was typed is sent as touched fields alone, stays through a refusal and a
 * colleague's save, and what is typed while the answer is on its way stays as a change of what was sent.
 */
export function useCardEdits<C>({ saved, send, refresh, onSaved }: Saving<C>): EditedCard<C> {
  const [edits, setEdits] = useState<Edits<C>>({});
  const sending = changed(edits, saved);
  const dirty = Object.keys(sending as object).length > 0;
  const saving = useMutation<unknown, Error, Part<C>>({
    mutationFn: send,
    onSuccess: async (_, sent) => {
      await refresh();
      setEdits((now) => without(now, sent));
      onSaved?.();
    },
    onError: (error) => {
      if (isProblem(error, 'version_moved')) void refresh();
    },
  });
  return {
    edits,
    sending,
    dirty,
    moved: isProblem(saving.error, 'version_moved'),
    saving,
    type: (field, value) => {
      setEdits((now) => typed(now, saved, field, value));
      // what was refused isn't what stands there now; that a colleague was quicker stays true
      if (saving.isError && !isProblem(saving.error, 'version_moved')) saving.reset();
    },
    save: () => {
      if (dirty) saving.mutate(sending);
    },
    forget: () => {
      setEdits({});
      saving.reset();
    },
  };
}
