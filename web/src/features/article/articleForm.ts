/** An article as the form holds it. */
import { among, faultsIn } from '@/lib/api/faults';
import { choices } from '@/lib/api/labels';
import type { Article, ArticleChange, Direction, NewArticle } from './queries';

export const DIRECTIONS = choices.NewArticle.direction;

export interface Typed {
  name: string;
  /** '' until one is chosen. */
  direction: Direction | '';
  group_id: string;
  comment: string;
}

export function emptyOf(direction: Direction | undefined): Typed {
  return { name: '', direction: direction ?? '', group_id: '', comment: '' };
}

export function typedOf({ name, direction, group_id, comment }: Article): Typed {
  return { name, direction, group_id: group_id ?? '', comment };
}

export function newOf({ name, direction, group_id, comment }: Typed): NewArticle {
  return { name: name.trim(), direction: direction as Direction, group_id: group_id === '' ? null : group_id, comment };
}

/** Only the fields that were changed here: what others changed meanwhile stays. */
export function changeOf({ name, group_id, comment }: Partial<Typed>): ArticleChange {
  return {
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(group_id === undefined ? {} : { group_id: group_id === '' ? null : group_id }),
    ...(comment === undefined ? {} : { comment }),
  };
}

/** A field of the stored article in words. */
export function formatField(article: Article | null, field: keyof Typed): string {
  if (article === null) return '';
  const { name, direction, group, comment } = article;
  return { name, direction: DIRECTIONS[direction], group_id: group, comment }[field];
}

type Faults = Partial<Record<keyof Typed, string>>;

export function faultsOf({ name, direction }: Typed): Faults {
  return {
    ...(name.trim() === '' ? { name: 'Укажите наименование' } : {}),
    ...(direction === '' ? { direction: 'Выберите направление' } : {}),
  };
}

/** The fields that a refusal names, each with its reason. */
export function faultsOfRefusal(error: unknown): Faults {
  const known = among<keyof Typed>(['name', 'direction', 'group_id', 'comment']);
  return faultsIn(error, known, { group_has_members: () => 'group_id' }) ?? {};
}

/** What an article of the direction may be put into: active articles that are in no group themselves. */
export function groupsFor(
  articles: readonly Article[],
  direction: Direction | '',
  ownId: string | undefined,
): Article[] {
  return articles.filter(
    (one) => !one.deleted && one.direction === direction && one.group_id === null && one.id !== ownId,
  );
}
