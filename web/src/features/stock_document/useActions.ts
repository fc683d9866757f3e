import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { reportDone, reportProblem } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { askPast } from '@/entities/stock/askPast';
import {
  deleteDocument,
  postDocument,
  refreshStock,
  returnDocument,
  type StockDocument,
  type StockKind,
  unpostDocument,
} from '@/entities/stock/queries';
import { usePaidSale } from '@/entities/sale/usePaidSale';
import { isProblem } from '@/lib/api/problem';

export type Action = 'post' | 'unpost' | 'delete' | 'return';

const ACTIONS = {
  post: { act: postDocument, done: 'проведено', anyway: 'Всё равно провести', refusal: 'Провести не получилось' },
  unpost: {
    act: unpostDocument,
    done: 'снято с проведения',
    anyway: 'Всё равно снять',
    refusal: 'Снять с проведения не получилось',
  },
  delete: {
    act: deleteDocument,
    done: 'удалено. Документ можно вернуть',
    anyway: 'Всё равно удалить',
    refusal: 'Удалить не получилось',
  },
  return: { act: returnDocument, done: 'возвращено', anyway: 'Всё равно вернуть', refusal: 'Вернуть не получилось' },
} as const;

const PAID: Readonly<Record<Action, string>> = {
  post: 'Оставить авансом и провести',
  unpost: 'Оставить авансом и снять',
  delete: 'Оставить авансом и удалить',
  return: 'Оставить авансом и вернуть',
};

export interface Actions {
  readonly run: (action: Action) => void;
  readonly pending: Action | null;
  readonly error: Error | null;
  /** «Провести не получилось» */
  readonly refusal: string;
  readonly forget: () => void;
}

/** What is done with a stored document beside changing it; a refusal stays until something else is tried or typed. */
export function useActions(kind: StockKind, document: StockDocument | null, called: string): Actions {
  const isStillHere = useStillHere();
  const latest = useRef(document);
  latest.current = document; // the version that a save has just made
  const askWhenPaid = usePaidSale();
  const acting = useMutation({
    mutationFn: async (action: Action) => {
      const { current: stored } = latest;
      const { act, anyway } = ACTIONS[action];
      if (stored !== null) await askPast((accepted) => act(kind, stored, accepted), anyway, isStillHere);
    },
    onSuccess: async (_, action) => {
      await refreshStock();
      reportDone(`${called}: ${ACTIONS[action].done}`);
    },
    onError: (error, action) => {
      const { current: stored } = latest;
      const again = () => acting.mutate(action);
      if (stored !== null && isStillHere() && askWhenPaid(error, stored.id, PAID[action], again)) return;
      if (isProblem(error)) void refreshStock();
      if (!isStillHere()) reportProblem(error, ACTIONS[action].refusal);
    },
  });
  return {
    run: (action) => {
      if (!acting.isPending) acting.mutate(action);
    },
    pending: acting.isPending ? acting.variables : null,
    error: acting.error,
    refusal: acting.variables === undefined ? '' : ACTIONS[acting.variables].refusal,
    forget: () => {
      if (acting.isError) acting.reset();
    },
  };
}
