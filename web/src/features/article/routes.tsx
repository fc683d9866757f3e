import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { needs, pageOf, shellRoute } from '@/shell/shellRoute';
import { articlesSearch } from './search';

const articlesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/articles',
  validateSearch: articlesSearch,
  beforeLoad: needs('articles'),
  component: lazyRouteComponent(() => import('./ArticlesPage'), 'ArticlesPage'),
});

const articleRoute = createRoute({
  getParentRoute: () => articlesRoute,
  path: '$id',
  ...pageOf('article', 'articles'),
  component: lazyRouteComponent(() => import('./ArticleWindow'), 'ArticlePage'),
});

export const articleRoutes = [articlesRoute.addChildren([articleRoute])] as const;
