import { queryOptions } from '@tanstack/react-query';
import { answer, api, ifMatch } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type Article = components['schemas']['ArticleItem'];
export type Direction = Article['direction'];
export type NewArticle = components['schemas']['NewArticle'];
export type ArticleChange = components['schemas']['ArticleChange'];

/** The deleted ones too, where the clinic's settings show them. */
export const articlesQuery = queryOptions({
  queryKey: ['articles'],
  queryFn: ({ signal }) => answer(api.GET('/api/articles', { params: { query: { deleted: true } }, signal })),
  meta: { models: ['articles', 'settings'] },
});

export const articleQuery = (id: string) =>
  queryOptions({
    queryKey: ['articles', id],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/articles/{article_id}', { params: { path: { article_id: id } }, signal })),
    meta: { models: ['articles'] },
  });

export function createArticle(fields: NewArticle) {
  return answer(api.POST('/api/articles', { body: fields }));
}

function versioned({ id, version }: Pick<Article, 'id' | 'version'>) {
  return { path: { article_id: id }, header: ifMatch(version) };
}

export function changeArticle(article: Article, fields: ArticleChange) {
  return answer(api.PATCH('/api/articles/{article_id}', { params: versioned(article), body: fields }));
}

export function deleteArticle(article: Article) {
  return answer(api.POST('/api/articles/{article_id}/delete', { params: versioned(article) }));
}

export function returnArticle(article: Article) {
  return answer(api.POST('/api/articles/{article_id}/return', { params: versioned(article) }));
}
