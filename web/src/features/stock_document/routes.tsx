import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { stockKindsQuery } from '@/entities/stock/queries';
import type { ObjectType } from '@/lib/api/objectTypes';
import { Problem } from '@/lib/api/problem';
import { stockSections } from '@/shell/sections';
import { shellRoute } from '@/shell/shellRoute';
import { documentsSearch, newSearch } from './search';

/** One kind of documents; its list and the page of a document stand below it. */
const kindRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/stock/$kind',
  beforeLoad: async ({ context, params }) => {
    const { items } = await context.queryClient.query({ ...stockKindsQuery, staleTime: 'static' });
    const kind = items.find(({ key }) => key === params.kind);
    if (kind !== undefined) return { kind };
    const known = stockSections().some(({ to }) => to === `/stock/${params.kind}`);
    throw known
      ? new Problem(403, 'right_missing', 'У вас нет доступа к этому разделу.')
      : new Problem(404, 'not_found', 'Таких документов нет.');
  },
});

const listRoute = createRoute({
  getParentRoute: () => kindRoute,
  path: '/',
  validateSearch: documentsSearch,
  component: lazyRouteComponent(() => import('./DocumentsPage'), 'DocumentsPage'),
});

const documentRoute = createRoute({
  getParentRoute: () => kindRoute,
  path: '$id',
  validateSearch: newSearch,
  staticData: {
    objectPages: stockSections().map(({ to, right }) => ({
      type: to.replace('/stock/', '') as ObjectType,
      alternatives: [right],
    })),
  },
  component: lazyRouteComponent(() => import('./DocumentPage'), 'DocumentPage'),
});

export const stockDocumentRoutes = [kindRoute.addChildren([listRoute, documentRoute])] as const;
