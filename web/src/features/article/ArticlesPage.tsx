import { Group, SegmentedControl, Text } from '@mantine/core';
import { IconListTree, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { NEW } from '@/components/card/CardPage';
import { Empty } from '@/components/Empty';
import { optionsOf } from '@/components/fields/options';
import { ButtonLink, TextLink } from '@/components/links';
import { DeletedSwitch } from '@/components/list/DeletedSwitch';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { PAGE_SIZE, type SearchChange } from '@/components/list/listSearch';
import { SearchInput } from '@/components/list/SearchInput';
import { useReturnColumn } from '@/components/list/useReturnColumn';
import { Page } from '@/components/Page';
import { useMe } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { nameKey } from '@/lib/text';
import { DIRECTIONS } from './articleForm';
import { type Article, articlesQuery, type Direction, returnArticle } from './queries';
import type { ArticlesSearch } from './search';

const route = getRouteApi('/shell/articles');

const ALL = 'all';
/** As the server orders them: members under their group. */
const IN_GROUPS = 'direction';

type Order = (one: Article, other: Article) => number;
const text = (one: string, other: string) => one.localeCompare(other, 'ru');
const ORDERS: Record<string, Order> = {
  name: (one, other) => text(one.name, other.name),
  group: (one, other) => text(one.group, other.group) || text(one.name, other.name),
};

function ordered(articles: readonly Article[], sort: string): Article[] {
  const down = sort.startsWith('-');
  const order = ORDERS[down ? sort.slice(1) : sort];
  if (order !== undefined) return [...articles].sort((one, other) => (down ? order(other, one) : order(one, other)));
  if (!down) return [...articles];
  const of = (direction: Direction) => articles.filter((one) => one.direction === direction);
  return [...of('outgo'), ...of('income')];
}

export function ArticlesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useMe();
  const deleted = search.deleted ?? me.clinic.show_deleted;
  const change = (part: SearchChange<ArticlesSearch>) =>
    void navigate({ search: (now) => ({ ...now, page: undefined, ...part }), replace: 'q' in part });
  const articles = useQuery(articlesQuery);
  const returns = useReturnColumn({
    nameOf: ({ name }: Article) => name,
    bringBack: returnArticle,
    refresh: () => queryClient.invalidateQueries({ queryKey: articlesQuery.queryKey }),
  });
  const page = search.page ?? 1;
  const sort = search.sort ?? IN_GROUPS;
  const words = nameKey(search.q ?? '');
  const found =
    articles.data &&
    ordered(
      articles.data.items.filter(
        (one) =>
          (deleted || !one.deleted) &&
          nameKey(`${one.name} ${one.group} ${one.comment}`).includes(words) &&
          (search.direction === undefined || one.direction === search.direction),
      ),
      sort,
    );

  const columns: readonly ListColumn<Article>[] = [
    {
      key: 'name',
      title: 'Статья',
      sort: 'name',
      width: 300,
      render: (article) => (
        <Group gap={8} wrap="nowrap" pl={article.group_id !== null && sort.endsWith(IN_GROUPS) ? 20 : 0}>
          <TextLink
            to="/articles/$id"
            params={{ id: article.id }}
            search={true}
            fw={500}
            c={article.deleted ? 'dimmed' : undefined}
          >
            {article.name}
          </TextLink>
          {article.deleted && <Text size="xs">удалена</Text>}
        </Group>
      ),
      text: (article) => (article.deleted ? `${article.name} (удалена)` : article.name),
    },
    {
      key: 'direction',
      title: 'Направление',
      sort: IN_GROUPS,
      width: 150,
      render: ({ direction }) => DIRECTIONS[direction],
      text: ({ direction }) => DIRECTIONS[direction],
    },
    {
      key: 'group',
      title: 'Группа',
      sort: 'group',
      width: 200,
      render: ({ group }) => group,
      text: ({ group }) => group,
    },
    {
      key: 'comment',
      title: 'Комментарий',
      grow: true,
      render: ({ comment }) => comment,
      text: ({ comment }) => comment,
    },
  ];

  return (
    <Page
      title="Статьи"
      actions={
        <ButtonLink
          to="/articles/$id"
          params={{ id: NEW }}
          search={true}
          leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
        >
          Новая статья
        </ButtonLink>
      }
    >
      <ListTable
        name="articles"
        label="Статьи"
        columns={deleted ? [...columns, returns] : columns}
        rows={found?.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)}
        total={found?.length}
        rowKey={({ id }) => id}
        greyed={({ deleted }) => deleted}
        waiting={false}
        error={articles.error}
        empty={
          <Empty icon={IconListTree} title={articles.data?.total === 0 ? 'Статей пока нет' : 'Таких статей нет'}>
            По статьям видно, откуда деньги приходят и на что уходят.
          </Empty>
        }
        sort={sort}
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput label="Статья, группа, комментарий" value={search.q ?? ''} onSearch={(q) => change({ q })} />
            <SegmentedControl
              aria-label="Направление"
              value={search.direction ?? ALL}
              data={[{ value: ALL, label: 'Все' }, ...optionsOf(DIRECTIONS)]}
              onChange={(direction) => change({ direction: direction === ALL ? undefined : direction })}
            />
            <DeletedSwitch value={search.deleted} onChange={(next) => change({ deleted: next })} />
          </>
        }
        nouns={['статья', 'статьи', 'статей']}
        loadAll={() => Promise.resolve(found ?? [])}
        exportName="Статьи"
      />
      <Outlet />
    </Page>
  );
}
