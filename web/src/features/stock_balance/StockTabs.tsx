import type { ReactNode } from 'react';
import { PageTab, PageTabs } from '@/components/PageTabs';

/** What there is, what is lacking, what goes bad; the warehouse goes with one. */
export function StockTabs(): ReactNode {
  const ofWarehouse = ({ warehouse }: { warehouse?: string }) => (warehouse === undefined ? {} : { warehouse });
  return (
    <PageTabs label="Остатки">
      <PageTab to="/stock" search={ofWarehouse}>
        Остатки
      </PageTab>
      <PageTab to="/stock/to-buy" search={ofWarehouse}>
        Что купить
      </PageTab>
      <PageTab to="/stock/expiring">Сроки годности</PageTab>
    </PageTabs>
  );
}
