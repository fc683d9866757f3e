import { IconCheck, IconPencil, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { StockDocumentItem } from '@/entities/stock/queries';
import classes from './StateBadge.module.css';

type State = Pick<StockDocumentItem, 'posted' | 'deleted'>;

export function stateOf({ posted, deleted }: State): string {
  return deleted ? 'Удалён' : posted ? 'Проведён' : 'Черновик';
}

/** Whether a document moves stock. */
export function StateBadge({ document }: { readonly document: State }): ReactNode {
  const { posted, deleted } = document;
  const Icon = deleted ? IconTrash : posted ? IconCheck : IconPencil;
  return (
    <span className={classes.badge} data-state={deleted ? 'deleted' : posted ? 'posted' : 'draft'}>
      <Icon size={15} stroke={1.8} aria-hidden />
      {stateOf(document)}
    </span>
  );
}
