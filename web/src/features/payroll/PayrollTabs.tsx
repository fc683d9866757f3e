import type { ReactNode } from 'react';
import { PageTab, PageTabs } from '@/components/PageTabs';
import { useRight } from '@/lib/api/me';

/** The pages of pay that the user may open. */
export function PayrollTabs(): ReactNode {
  const [pays, arranges, sees] = [useRight('payroll'), useRight('pay_schemes'), useRight('own_payroll')];
  return (
    <PageTabs label="Зарплата">
      {pays && (
        <>
          <PageTab to="/payroll">Расчёт</PageTab>
          <PageTab to="/pay-accruals">Начисления</PageTab>
          <PageTab to="/pay-settlements">Расчёты с сотрудниками</PageTab>
        </>
      )}
      {arranges && <PageTab to="/pay-schemes">Схемы</PageTab>}
      {sees && <PageTab to="/own-payroll">Моя зарплата</PageTab>}
    </PageTabs>
  );
}
