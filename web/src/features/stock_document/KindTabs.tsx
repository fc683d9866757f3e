import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { PageTab, PageTabs } from '@/components/PageTabs';
import { stockKindsQuery } from '@/entities/stock/queries';

/** The lists of all kinds of documents that the user may open; period and warehouse go with one from list to list. */
export function KindTabs(): ReactNode {
  const kinds = useQuery(stockKindsQuery).data?.items ?? [];
  return (
    <PageTabs label="Виды документов">
      {kinds.map(({ key, title }) => (
        <PageTab
          key={key}
          to="/stock/$kind"
          params={{ kind: key }}
          search={({ from, to, warehouse }) => ({
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
            ...(warehouse === undefined ? {} : { warehouse }),
          })}
        >
          {title.replace(/ товаров$/, '')}
        </PageTab>
      ))}
    </PageTabs>
  );
}
