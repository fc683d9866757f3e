import { createRoute, lazyRouteComponent, notFound } from '@tanstack/react-router';
import { shellRoute } from '@/app/shellRoute';
import { type DeletedSearch, deletedSearch, idsOf } from '@/components/list/listSearch';
import { cataloguesQuery } from '@/lib/api/catalogue';
import { Problem } from '@/lib/api/problem';

/** By which field, whatever the catalogue's are. */
type ByField = `by_${string}`;

/** Besides what every list has: the id of what entries are to refer to in a field. */
export interface EntriesSearch extends DeletedSearch {
  [field: ByField]: string;
}

function entriesSearch(search: Record<string, unknown>): EntriesSearch {
  const fields = Object.keys(search).filter((key): key is ByField => key.startsWith('by_'));
  return { ...deletedSearch(search), ...idsOf(search, fields) };
}

const catalogueRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/catalogues/$key',
  validateSearch: entriesSearch,
  beforeLoad: async ({ context, params }) => {
    const { items } = await context.queryClient.query({ ...cataloguesQuery, staleTime: 'static' });
    const catalogue = items.find(({ key }) => key === params.key);
    if (catalogue === undefined) throw notFound();
    if (!catalogue.kept) throw new Problem(403, 'right_missing', 'У вас нет доступа к этому разделу.');
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
