import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { PageTab, PageTabs } from '@/components/PageTabs';
import { stockKindsQuery } from '@/entities/stock/queries';

/** All of them fit into one row of a window of 1280 px. */
const short = (title: string) => title.replace(/ товаров$/, '').replace(' от ', ' ');

/** The lists of all kinds of documents that the user may open; period, warehouse and goods go with one from list to list. */
export function KindTabs(): ReactNode {
  const kinds = useQuery(stockKindsQuery).data?.items ?? [];
  return (
    <PageTabs label="Виды документов">
      {kinds.map(({ key, title }) => (
        <PageTab
          key={key}
          to="/stock/$kind"
          params={{ kind: key }}
          search={({ from, to, warehouse, goods }) => ({
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
            ...(warehouse === undefined ? {} : { warehouse }),
            ...(goods === undefined ? {} : { goods }),
          })}
        >
          {short(title)}
        </PageTab>
      ))}
    </PageTabs>
  );
}
