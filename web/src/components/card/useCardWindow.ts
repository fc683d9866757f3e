import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { reportDone, reportProblem } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import type { Part } from '@/lib/cardEdits';
import { type EditedCard, useCardEdits } from './useCardEdits';

interface Actions<Stored, C> {
  /** Null for one that is being created. */
  readonly stored: Stored | null;
  readonly saved: C;
  readonly send: (fields: Part<C>) => Promise<unknown>;
  readonly remove: (stored: Stored) => Promise<unknown>;
  readonly bringBack: (stored: Stored) => Promise<unknown>;
  /** Fetches again what shows the object. */
  readonly refresh: () => Promise<unknown>;
  /** The notice once it is done: «Услуга сохранена». */
  readonly notices: {
    readonly save: (card: C) => string;
    readonly remove: string;
    readonly bringBack: string;
  };
  /** The window is closed then. */
  readonly onDone: () => void;
}

export interface WindowedCard<Stored, C> extends EditedCard<C> {
  readonly remove: UseMutationResult<unknown, Error, Stored>;
  readonly bringBack: UseMutationResult<unknown, Error, Stored>;
}

/** A card in a window of its own: saved, deleted, brought back. The window stays for what a save has left unsaved or refused. */
export function useCardWindow<Stored extends { readonly deleted: boolean }, C>(
  actions: Actions<Stored, C>,
): WindowedCard<Stored, C> {
  const { stored, saved, send, refresh, notices, onDone } = actions;
  const isStillHere = useStillHere();
  const leave = () => {
    if (isStillHere()) onDone();
  };
  const done = async (notice: string) => {
    await refresh();
    reportDone(notice);
    leave();
  };
  const edited = useCardEdits<C>({
    saved,
    gone: stored?.deleted === true ? 'deleted' : null,
    send,
    // a new one isn't in this form afterwards: nobody waits for the list
    refresh: stored === null ? () => Promise.resolve(void refresh()) : refresh,
    onSaved: (sent, more) => {
      reportDone(notices.save({ ...saved, ...sent }));
      if (stored === null || !more) leave(); // to save a new one again would create another
    },
  });
  const remove = useMutation({
    mutationFn: actions.remove,
    onSuccess: () => done(notices.remove),
    onError: (error) => {
      reportProblem(error, 'Удалить не получилось');
      void refresh();
    },
  });
  const bringBack = useMutation({ mutationFn: actions.bringBack, onSuccess: () => done(notices.bringBack) });
  return { ...edited, remove, bringBack };
}
