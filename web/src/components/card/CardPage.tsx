import { Modal } from '@mantine/core';
import { type QueryKey, useQuery, type UseQueryOptions } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading } from '@/components/Loading';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';

/** In the address, where others have their id. */
export const NEW = 'new';

export interface Leaving {
  /** Asks first where something was typed. */
  readonly onClose: () => void;
  readonly onDone: () => void;
}

interface CardPageProps<Stored, Key extends QueryKey> {
  /** Of the address. */
  readonly id: string;
  readonly query: (id: string) => UseQueryOptions<Stored, Error, Stored, Key>;
  /** Of the window while the object is on its way: «Услуга». */
  readonly title: string;
  readonly size: number;
  /** Goes back to the list. `saved`: nothing is left to be asked about. */
  readonly leave: (saved: boolean) => void;
  /** The window; null for one that is being made. */
  readonly children: (stored: Stored | null, leaving: Leaving) => ReactNode;
}

/** The page of one object of a list, in a window over it: of a new one, or of one that is fetched first. */
export function CardPage<Stored, Key extends QueryKey>(props: CardPageProps<Stored, Key>): ReactNode {
  useReturnFocus();
  const { id, leave, children } = props;
  const leaving = { onClose: () => leave(false), onDone: () => leave(true) };
  return id === NEW ? children(null, leaving) : <Fetched key={id} {...props} leaving={leaving} />;
}

function Fetched<Stored, Key extends QueryKey>(props: CardPageProps<Stored, Key> & { leaving: Leaving }): ReactNode {
  const { id, query, title, size, leaving, children } = props;
  const found = useQuery(query(id));
  if (found.data !== undefined) return children(found.data, leaving);
  return (
    <Modal opened onClose={leaving.onClose} title={title} size={size}>
      {found.isError ? <ProblemAlert error={found.error} /> : <Loading height={300} what="Карточка загружается" />}
    </Modal>
  );
}
