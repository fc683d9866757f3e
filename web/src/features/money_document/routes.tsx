import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { moneyKindsQuery } from '@/entities/money/queries';
import type { ObjectType } from '@/lib/api/objectTypes';
import { Problem } from '@/lib/api/problem';
import { moneySections } from '@/shell/sections';
import { shellRoute } from '@/shell/shellRoute';
import { moneySearch, newSearch } from './search';

/** One kind of documents; its list and the page of a document stand below it. */
const kindRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/money/$kind',
  beforeLoad: async ({ context, params }) => {
    const { items } = await context.queryClient.query({ ...moneyKindsQuery, staleTime: 'static' });
    const kind = items.find(({ key }) => key === params.kind);
    if (kind !== undefined) return { kind };
    const known = moneySections().some(({ to }) => to === `/money/${params.kind}`);
    throw known
      ? new Problem(403, 'right_missing', 'У вас нет доступа к этому разделу.')
      : new Problem(404, 'not_found', 'Таких документов нет.');
  },
});

const listRoute = createRoute({
  getParentRoute: () => kindRoute,
  path: '/',
  validateSearch: moneySearch,
  component: lazyRouteComponent(() => import('./MoneyDocumentsPage'), 'MoneyDocumentsPage'),
});

const documentRoute = createRoute({
  getParentRoute: () => kindRoute,
  path: '$id',
  validateSearch: newSearch,
  staticData: {
    objectPages: moneySections().map(({ to, right }) => ({
      type: to.replace('/money/', '') as ObjectType,
      alternatives: [right],
    })),
  },
  component: lazyRouteComponent(() => import('./MoneyDocumentPage'), 'MoneyDocumentPage'),
});

export const moneyDocumentRoutes = [kindRoute.addChildren([listRoute, documentRoute])] as const;
