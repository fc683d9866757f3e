import { notifyManager, useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { reportProblem } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { isProblem } from '@/lib/api/problem';
import {
  afterSave,
  changed,
  dropSaved,
  type Edits,
  type Part,
  setField,
  takeTheirs,
  theirValue,
} from '@/lib/cardEdits';

/** Why what was typed can't be saved for now: a colleague deleted the object, or merged it into another. */
export type Gone = 'deleted' | 'merged';

interface Saving<C> {
  /** As it is stored now; of a card that is being created, what its form starts with. */
  readonly saved: C;
  /** Touched from the start. */
  readonly start?: Partial<C>;
  readonly gone?: Gone | null;
  readonly send: (fields: Part<C>) => Promise<unknown>;
  /** Fetches again what shows the card: after a save, and where a colleague was quicker. */
  readonly refresh: () => Promise<unknown>;
  /** `more`: something was typed while the answer was on its way, and is still to be saved. */
  readonly onSaved?: (sent: Part<C>, more: boolean) => void;
}

export interface EditedCard<C> {
  readonly edits: Edits<C>;
  /** The card as the form shows it: the edits over what is stored. */
  readonly card: C;
  /** What a save sends: the touched fields that differ. */
  readonly sending: Part<C>;
  readonly dirty: boolean;
  readonly gone: Gone | null;
  /** Something was typed, and there is what it can be saved to. */
  readonly savable: boolean;
  /** The last save was refused since a colleague had saved before: what was typed stays, and is sent by the next try. */
  readonly moved: boolean;
  /** A colleague saved another value in a field touched here. */
  readonly collides: boolean;
  readonly saving: UseMutationResult<unknown, Error, Part<C>>;
  readonly setField: <F extends keyof C>(field: F, value: C[F]) => void;
  /** Several fields at once, from the card as it stands then. */
  readonly setFields: (change: (card: C) => Partial<C>) => void;
  readonly save: () => void;
  /** Back to what is stored. */
  readonly forget: () => void;
  /** Where both changed the same, the colleague's value. */
  readonly takeTheirs: () => void;
}

function setAll<C>(edits: Edits<C>, saved: C, part: Partial<C>): Edits<C> {
  return (Object.keys(part) as (keyof C)[]).reduce(
    (all, field) => setField(all, saved, field, part[field] as C[keyof C]),
    edits,
  );
}

/** What the queries have fetched is drawn by their observers a moment later. */
const fetchedIsDrawn = () => new Promise<void>((resolve) => notifyManager.schedule(resolve));

/**
 * A card that is typed into while others may change it: what was typed is sent as touched fields alone, stays through a refusal and a
 * colleague's save, and what is typed while the answer is on its way stays as a change of what was sent.
 */
export function useCardEdits<C>({ saved, start, gone = null, send, refresh, onSaved }: Saving<C>): EditedCard<C> {
  const isStillHere = useStillHere();
  const [typed, setEdits] = useState<Edits<C>>(() => setAll({}, saved, start ?? {}));
  const edits = dropSaved(typed, saved);
  if (edits !== typed) setEdits(edits);
  const latest = useRef(edits);
  latest.current = edits;
  const sending = changed(edits, saved);
  const card: C = { ...saved, ...sending };
  const dirty = Object.keys(sending as object).length > 0;
  const savable = dirty && gone === null;
  const saving = useMutation<unknown, Error, Part<C>>({
    mutationFn: send,
    onSuccess: async (_, sent) => {
      await refresh();
      await fetchedIsDrawn();
      // drawn before the notice: a person who reads it can leave at once, unasked
      flushSync(() => setEdits((now) => afterSave(now, sent)));
      onSaved?.(sent, Object.keys(latest.current).length > 0);
    },
    onError: (error) => {
      if (isProblem(error, 'version_moved')) void refresh();
      if (!isStillHere()) reportProblem(error, 'Сохранить не получилось');
    },
  });
  const change = (next: (now: Edits<C>) => Edits<C>) => {
    setEdits(next);
    // what was refused isn't what stands there now; that a colleague was quicker stays true
    if (saving.isError && !isProblem(saving.error, 'version_moved')) saving.reset();
  };
  return {
    edits,
    card,
    sending,
    dirty,
    gone,
    savable,
    moved: isProblem(saving.error, 'version_moved'),
    collides: (Object.keys(edits) as (keyof C)[]).some((field) => theirValue(edits, saved, field) !== undefined),
    saving,
    setField: (field, value) => change((now) => setField(now, saved, field, value)),
    setFields: (part) => change((now) => setAll(now, saved, part({ ...saved, ...changed(now, saved) }))),
    save: () => {
      if (savable && !saving.isPending) saving.mutate(sending);
    },
    forget: () => {
      setEdits({});
      saving.reset();
    },
    takeTheirs: () => {
      setEdits((now) => takeTheirs(now, saved));
      saving.reset();
    },
  };
}
