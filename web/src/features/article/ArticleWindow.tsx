import { Group, Modal, Radio, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CardWindow } from '@/components/card/CardWindow';
import { useCardWindow } from '@/components/card/useCardWindow';
import { optionsOf } from '@/components/fields/options';
import { Loading } from '@/components/Loading';
import { OthersSaved } from '@/components/OthersSaved';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { useReturnFocus } from '@/components/useReturnFocus';
import { ChoiceSelect } from '@/entities/catalogue/ReferenceSelect';
import { limits } from '@/lib/api/limits';
import { queryClient } from '@/lib/api/queries';
import { theirValue } from '@/lib/cardEdits';
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

const route = getRouteApi('/shell/articles/$id');

/** In the address, where others have their id. */
export const NEW = 'new';

export function ArticlePage() {
  useReturnFocus();
  const { id } = route.useParams();
  const { direction } = route.useSearch();
  const navigate = route.useNavigate();
  const close = (saved: boolean) => void navigate({ to: '/articles', search: true, ignoreBlocker: saved });
  const ways = { onClose: () => close(false), onDone: () => close(true) };
  return id === NEW ? (
    <ArticleWindow {...ways} article={null} direction={direction} />
  ) : (
    <LoadedWindow key={id} {...ways} id={id} />
  );
}

interface WindowProps {
  /** Asks first where something was typed. */
  onClose: () => void;
  onDone: () => void;
}

function LoadedWindow({ id, ...ways }: WindowProps & { id: string }) {
  const article = useQuery(articleQuery(id));
  if (article.data !== undefined) return <ArticleWindow {...ways} article={article.data} />;
  return (
    <Modal opened onClose={ways.onClose} title="Статья" size={520}>
      {article.isError ? <ProblemAlert error={article.error} /> : <Loading height={300} what="Статья загружается" />}
    </Modal>
  );
}

const TITLES = { income: 'Статья прихода', outgo: 'Статья расхода' } satisfies Record<Direction, string>;

const ORDER = ['label', 'input', 'description', 'error'] satisfies ('label' | 'input' | 'description' | 'error')[];

interface ArticleWindowProps extends WindowProps {
  article: Article | null;
  /** Of a new one: as the list is filtered. */
  direction?: Direction | undefined;
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
      remove: 'Статья удалена. Вернуть можно в списке с удалёнными.',
      bringBack: 'Статья возвращена',
    },
    onDone,
  });

  const { edits, card: typed, dirty, saving, setField: set } = edited;
  const isGroup = articles?.some((one) => !one.deleted && one.group_id === article?.id) === true;
  const groups = articles && groupsFor(articles, typed.direction, article?.id);

  /** Under a field: what a colleague saved there meanwhile, or else `hint`. */
  const below = (field: keyof Typed, hint?: string) => {
    const others = theirValue(edits, saved, field);
    return {
      inputWrapperOrder: ORDER,
      description: others === undefined ? hint : <OthersSaved value={formatField(article, field)} />,
    };
  };
  return (
    <>
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
              label="Наименование"
              data-autofocus
              {...limits.ArticleChange.name}
              disabled={deleted}
              {...below('name')}
              error={faults.name}
              value={typed.name}
              onChange={(event) => set('name', event.currentTarget.value)}
            />
            {article === null && (
              <Radio.Group
                label="Направление"
                description="Потом изменить нельзя"
                inputWrapperOrder={ORDER}
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
              label="Группа"
              placeholder={typed.direction === '' ? 'Сначала выберите направление' : 'Без группы'}
              disabled={deleted || isGroup || typed.direction === ''}
              {...below('group_id', isGroup ? 'Это группа: в ней есть статьи' : undefined)}
              error={faults.group_id}
              choices={groups}
              value={typed.group_id}
              known={article?.group_id ? { id: article.group_id, name: article.group } : null}
              onChange={(group_id) => set('group_id', group_id)}
            />
            <Textarea
              label="Комментарий"
              autosize
              minRows={2}
              maxRows={6}
              {...limits.ArticleChange.comment}
              disabled={deleted}
              {...below('comment')}
              error={faults.comment}
              value={typed.comment}
              onChange={(event) => set('comment', event.currentTarget.value)}
            />
          </>
        )}
      </CardWindow>
      <UnsavedGuard when={dirty} />
    </>
  );
}
