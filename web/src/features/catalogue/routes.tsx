import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '@/shell/shellRoute';
import { cataloguesQuery } from '@/entities/catalogue/queries';
import { Problem } from '@/lib/api/problem';
import { entriesSearch } from './search';

const catalogueRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/catalogues/$key',
  validateSearch: entriesSearch,
  beforeLoad: async ({ context, params }) => {
    const { items } = await context.queryClient.query({ ...cataloguesQuery, staleTime: 'static' });
    const catalogue = items.find(({ key }) => key === params.key);
    if (catalogue === undefined) throw new Problem(404, 'not_found', 'Такого справочника нет.');
    if (!catalogue.editable) throw new Problem(403, 'right_missing', 'У вас нет доступа к этому разделу.');
    return { catalogue };
  },
  component: lazyRouteComponent(() => import('./CataloguePage'), 'CataloguePage'),
});

const entryRoute = createRoute({
  getParentRoute: () => catalogueRoute,
  path: '$id',
  component: lazyRouteComponent(() => import('./EntryWindow'), 'EntryPage'),
});

export const catalogueRoutes = [catalogueRoute.addChildren([entryRoute])] as const;
