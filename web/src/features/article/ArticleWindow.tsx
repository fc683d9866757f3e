import { Group, Radio, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CardPage, type Leaving } from '@/components/card/CardPage';
import { CardWindow } from '@/components/card/CardWindow';
import { theirNote } from '@/components/card/theirNote';
import { useCardWindow } from '@/components/card/useCardWindow';
import { optionsOf } from '@/components/fields/options';
import { ChoiceSelect } from '@/entities/catalogue/ReferenceSelect';
import { labels } from '@/lib/api/labels';
import { limits } from '@/lib/api/limits';
import { queryClient } from '@/lib/api/queries';
import {
  changeOf,
  DIRECTIONS,
  emptyOf,
  faultsOf,
  faultsOfRefusal,
  formatField,
  groupsFor,
  newOf,
  type Typed,
  typedOf,
} from './articleForm';
import {
  type Article,
  articleQuery,
  articlesQuery,
  changeArticle,
  createArticle,
  deleteArticle,
  type Direction,
  returnArticle,
} from './queries';

const LABELS = { ...labels.NewArticle, ...labels.ArticleChange };
const route = getRouteApi('/shell/articles/$id');

export function ArticlePage() {
  const { id } = route.useParams();
  const { direction } = route.useSearch();
  const navigate = route.useNavigate();
  const leave = (saved: boolean) => void navigate({ to: '/articles', search: true, ignoreBlocker: saved });
  return (
    <CardPage id={id} query={articleQuery} title="Статья" size={520} leave={leave}>
      {(article, leaving) => <ArticleWindow article={article} direction={direction} {...leaving} />}
    </CardPage>
  );
}

const TITLES = { income: 'Статья прихода', outgo: 'Статья расхода' } satisfies Record<Direction, string>;

interface ArticleWindowProps extends Leaving {
  article: Article | null;
  /** Of a new one: as the list is filtered. */
  direction: Direction | undefined;
}

function ArticleWindow({ article, direction, onClose, onDone }: ArticleWindowProps) {
  const articles = useQuery(articlesQuery).data?.items;
  const saved = article === null ? emptyOf(direction) : typedOf(article);
  const deleted = article?.deleted === true;
  const edited = useCardWindow<Article, Typed>({
    stored: article,
    saved,
    send: (sending) =>
      article === null ? createArticle(newOf({ ...saved, ...sending })) : changeArticle(article, changeOf(sending)),
    remove: deleteArticle,
    bringBack: returnArticle,
    refresh: () => queryClient.invalidateQueries({ queryKey: articlesQuery.queryKey }),
    notices: {
      save: () => (article === null ? 'Статья создана' : 'Статья сохранена'),
      remove: 'Статья удалена. Вернуть можно в её карточке.',
      bringBack: 'Статья возвращена',
    },
    onDone,
  });

  const { edits, card: typed, saving, setField: set } = edited;
  const isGroup = articles?.some((one) => !one.deleted && one.group_id === article?.id) === true;
  const groups = articles && groupsFor(articles, typed.direction, article?.id);

  const below = (field: keyof Typed, hint?: string) =>
    theirNote(edits, saved, field, () => formatField(article, field), hint);
  return (
    <CardWindow
      title={article === null ? 'Новая статья' : TITLES[article.direction]}
      size={520}
      type="article"
      stored={article}
      name={article?.name ?? ''}
      what="Статью"
      edited={edited}
      missing={faultsOf(typed)}
      refused={faultsOfRefusal(saving.error)}
      whenDeleted={{ title: 'Статья удалена', means: 'Выбрать её нельзя, пока она не возвращена.' }}
      afterDeletion="Выбрать статью будет нельзя. Её можно вернуть."
      onClose={onClose}
    >
      {(faults) => (
        <>
          <TextInput
            label={LABELS.name}
            data-autofocus
            {...limits.ArticleChange.name}
            disabled={deleted}
            description={below('name')}
            error={faults.name}
            value={typed.name}
            onChange={(event) => set('name', event.currentTarget.value)}
          />
          {article === null && (
            <Radio.Group
              label={LABELS.direction}
              description="Потом изменить нельзя"
              error={faults.direction}
              value={typed.direction}
              onChange={(chosen) => {
                set('direction', chosen as Direction);
                set('group_id', '');
              }}
            >
              <Group gap="lg" py={4}>
                {optionsOf(DIRECTIONS).map(({ value, label }) => (
                  <Radio key={value} value={value} label={label} />
                ))}
              </Group>
            </Radio.Group>
          )}
          <ChoiceSelect
            label={LABELS.group_id}
            placeholder={typed.direction === '' ? 'Сначала выберите направление' : 'Без группы'}
            disabled={deleted || isGroup || typed.direction === ''}
            description={below('group_id', isGroup ? 'Это группа: в ней есть статьи' : undefined)}
            error={faults.group_id}
            choices={groups}
            value={typed.group_id}
            known={article?.group_id ? { id: article.group_id, name: article.group } : null}
            onChange={(group_id) => set('group_id', group_id)}
          />
          <Textarea
            label={LABELS.comment}
            autosize
            minRows={2}
            maxRows={6}
            {...limits.ArticleChange.comment}
            disabled={deleted}
            description={below('comment')}
            error={faults.comment}
            value={typed.comment}
            onChange={(event) => set('comment', event.currentTarget.value)}
          />
        </>
      )}
    </CardWindow>
  );
}
