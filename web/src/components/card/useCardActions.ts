import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { reportDone, reportProblem } from '@/components/notices';
import { isProblem } from '@/lib/api/problem';

interface Actions<Saved> {
  readonly save: () => Promise<unknown>;
  readonly remove: (saved: Saved) => Promise<unknown>;
  readonly bringBack: (saved: Saved) => Promise<unknown>;
  /** Fetches again what shows the object. */
  readonly refresh: () => Promise<unknown>;
  /** What is said once it is done: «Услуга сохранена». */
  readonly said: { readonly save: string; readonly remove: string; readonly bringBack: string };
  /** The window is closed then. */
  readonly onDone: () => void;
}

export interface CardActions<Saved> {
  readonly save: UseMutationResult<unknown, Error, void>;
  readonly remove: UseMutationResult<unknown, Error, Saved>;
  readonly bringBack: UseMutationResult<unknown, Error, Saved>;
}

/** What the window of an object does with it: saves, deletes, brings back. A refused save keeps the window and its fields. */
export function useCardActions<Saved>(actions: Actions<Saved>): CardActions<Saved> {
  const { refresh, said, onDone } = actions;
  const done = async (message: string) => {
    await refresh();
    reportDone(message);
    onDone();
  };
  const save = useMutation({
    mutationFn: actions.save,
    onSuccess: () => done(said.save),
    onError: (error) => {
      if (isProblem(error, 'version_moved')) void refresh();
    },
  });
  const remove = useMutation({
    mutationFn: actions.remove,
    onSuccess: () => done(said.remove),
    onError: (error) => {
      reportProblem(error, 'Удалить не получилось');
      void refresh();
    },
  });
  const bringBack = useMutation({ mutationFn: actions.bringBack, onSuccess: () => done(said.bringBack) });
  return { save, remove, bringBack };
}
