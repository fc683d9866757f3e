import { createRouter } from '@tanstack/react-router';
import { articleRoutes } from '@/features/article/routes';
import { calendarRoutes } from '@/features/calendar/routes';
import { catalogueRoutes } from '@/features/catalogue/routes';
import { certificateRoutes } from '@/features/certificate/routes';
import { taxCertificateRoutes } from '@/features/tax_certificate/routes';
import { employeesRoutes } from '@/features/employees/routes';
import { firstStepsRoutes } from '@/features/first_steps/routes';
import { deskBalanceRoutes } from '@/features/desk_balance/routes';
import { excelRoutes } from '@/features/excel/routes';
import { fiscalReceiptRoutes } from '@/features/fiscal_receipt/routes';
import { historyRoutes } from '@/features/history/routes';
import { journalRoutes } from '@/features/journal/routes';
import { moneyDocumentRoutes } from '@/features/money_document/routes';
import { reportRoutes } from '@/features/report/routes';
import { payrollRoutes } from '@/features/payroll/routes';
import { invoiceRoutes } from '@/features/invoice/routes';
import { settlementRoutes } from '@/features/settlement/routes';
import { profileRoutes } from '@/features/profile/routes';
import { rightsSetRoutes } from '@/features/rights_set/routes';
import { scheduleRoutes } from '@/features/schedule/routes';
import { stockBalanceRoutes } from '@/features/stock_balance/routes';
import { stockDocumentRoutes } from '@/features/stock_document/routes';
import { patientRoutes } from '@/features/patient/routes';
import { serviceRoutes } from '@/features/service/routes';
import { visitRoutes } from '@/features/visit/routes';
import { settingsRoutes } from '@/features/settings/routes';
import { signinRoutes } from '@/features/signin/routes';
import { queryClient } from '@/lib/api/queries';
import { ErrorPage } from '@/shell/ErrorPage';
import { PagePending } from '@/shell/PagePending';
import { rootRoute, shellRoute } from '@/shell/shellRoute';
import { startRoutes } from '@/shell/startRoutes';

const routeTree = rootRoute.addChildren([
  ...signinRoutes,
  shellRoute.addChildren([
    ...startRoutes,
    ...firstStepsRoutes,
    ...calendarRoutes,
    ...patientRoutes,
    ...visitRoutes,
    ...serviceRoutes,
    ...articleRoutes,
    ...catalogueRoutes,
    ...stockBalanceRoutes,
    ...stockDocumentRoutes,
    ...deskBalanceRoutes,
    ...moneyDocumentRoutes,
    ...certificateRoutes,
    ...taxCertificateRoutes,
    ...fiscalReceiptRoutes,
    ...reportRoutes,
    ...settlementRoutes,
    ...invoiceRoutes,
    ...payrollRoutes,
    ...scheduleRoutes,
    ...journalRoutes,
    ...historyRoutes,
    ...employeesRoutes,
    ...settingsRoutes,
    ...rightsSetRoutes,
    ...profileRoutes,
    ...excelRoutes,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPendingComponent: PagePending,
  defaultPendingMs: 150,
  defaultErrorComponent: ErrorPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
