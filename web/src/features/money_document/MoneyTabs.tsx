import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { PageTab, PageTabs } from '@/components/PageTabs';
import { moneyKindsQuery } from '@/entities/money/queries';

/** The lists of all kinds of documents that the user may open; period and desk go with one from list to list. */
export function MoneyTabs(): ReactNode {
  const kinds = useQuery(moneyKindsQuery).data?.items ?? [];
  return (
    <PageTabs label="Виды документов">
      {kinds.map(({ key, title }) => (
        <PageTab
          key={key}
          to="/money/$kind"
          params={{ kind: key }}
          search={({ from, to, desk }) => ({
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
            ...(desk === undefined ? {} : { desk }),
          })}
        >
          {title.replace(/ средств$/, '')}
        </PageTab>
      ))}
    </PageTabs>
  );
}
