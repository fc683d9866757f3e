/** What is done with a stored document beside changing it: the same words and the same question for all kinds of documents. */
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, type RefObject, useRef } from 'react';
import { askFirst } from '@/components/askFirst';
import { leadOn } from '@/components/fields/leadOn';
import { reportDone, reportProblem } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import type { Accepted } from '@/lib/api/client';
import { Declined, isProblem } from '@/lib/api/problem';

export type DocumentAction = 'post' | 'unpost' | 'delete' | 'return';

const WORDS: Readonly<Record<DocumentAction, { done: string; anyway: string; refusal: string }>> = {
  post: { done: 'проведено', anyway: 'Всё равно провести', refusal: 'Провести не получилось' },
  unpost: { done: 'проведение отменено', anyway: 'Всё равно отменить', refusal: 'Отменить проведение не получилось' },
  delete: {
    done: 'удалено. Документ можно вернуть',
    anyway: 'Всё равно удалить',
    refusal: 'Удалить не получилось',
  },
  return: { done: 'возвращено', anyway: 'Всё равно вернуть', refusal: 'Вернуть не получилось' },
};

interface Doing<Stored> {
  /** Null of a new one, with which nothing can be done yet. */
  readonly stored: Stored | null;
  /** «Списание № 3» */
  readonly called: string;
  readonly acts: Partial<Record<DocumentAction, (stored: Stored, accepted: Accepted) => Promise<unknown>>>;
  /** Asks about warnings of this kind of documents. */
  readonly askPast: (
    send: (accepted: Accepted) => Promise<unknown>,
    anyway: string,
    isStillHere: () => boolean,
  ) => Promise<unknown>;
  readonly refresh: () => Promise<unknown>;
  /** What becomes of things by a deletion, asked before it. */
  readonly afterDeletion: string;
  /** Offers a way past a refusal, after which it is tried again; false where it knows none. */
  readonly askWhenRefused?: (error: unknown, stored: Stored, action: DocumentAction, again: () => void) => boolean;
}

export interface DocumentActions {
  /** A deletion is asked about first. */
  readonly run: (action: DocumentAction) => void;
  readonly pending: DocumentAction | null;
  /** Null where the person has gone back from a question. */
  readonly error: Error | null;
  /** «Провести не получилось» */
  readonly refusal: string;
  readonly forget: () => void;
}

/** A refusal stays until something else is tried or typed. */
export function useDocumentActions<Stored>(doing: Doing<Stored>): DocumentActions {
  const { called, afterDeletion } = doing;
  const isStillHere = useStillHere();
  const latest = useRef(doing);
  latest.current = doing; // the version that a save has just made
  const acting = useMutation({
    mutationFn: async (action: DocumentAction) => {
      const { stored, acts, askPast } = latest.current;
      const act = acts[action];
      if (stored !== null && act !== undefined)
        await askPast((accepted) => act(stored, accepted), WORDS[action].anyway, isStillHere);
    },
    onSuccess: async (_, action) => {
      await doing.refresh();
      reportDone(`${called}: ${WORDS[action].done}`);
    },
    onError: (error, action) => {
      const { stored, askWhenRefused } = latest.current;
      const asked = stored !== null && isStillHere() && askWhenRefused?.(error, stored, action, () => start(action));
      if (asked === true) return;
      if (isProblem(error)) void doing.refresh();
      if (!isStillHere() && !(error instanceof Declined)) reportProblem(error, WORDS[action].refusal);
    },
  });
  const start = (action: DocumentAction) => {
    if (!acting.isPending) acting.mutate(action);
  };
  return {
    run: (action) => {
      if (action !== 'delete') start(action);
      else
        askFirst({
          title: `Удалить: ${called}?`,
          means: `${afterDeletion} Документ можно будет вернуть.`.trim(),
          onConfirm: () => start('delete'),
        });
    },
    pending: acting.isPending ? acting.variables : null,
    error: acting.error instanceof Declined ? null : acting.error,
    refusal: acting.variables === undefined ? '' : WORDS[acting.variables].refusal,
    forget: () => {
      if (acting.isError) acting.reset();
    },
  };
}

/** The keys of a document's form: Enter leads from field to field, Ctrl+Enter does what its main button says. */
export function documentKeys(form: RefObject<HTMLFormElement | null>, finish: () => void) {
  return (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== 'Enter' || event.defaultPrevented) return;
    if (!event.ctrlKey && !event.metaKey) {
      leadOn(event);
      return;
    }
    event.preventDefault();
    // what is typed in a field is taken when it is left
    if (document.activeElement instanceof HTMLElement && form.current?.contains(document.activeElement))
      document.activeElement.blur();
    finish();
  };
}
