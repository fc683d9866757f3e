import { SegmentedControl, Space } from '@mantine/core';
import { IconListTree, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { NEW } from '@/components/card/CardPage';
import { Empty } from '@/components/Empty';
import { optionsOf } from '@/components/fields/options';
import { ButtonLink, TextLink } from '@/components/links';
import { DeletedSwitch } from '@/components/list/DeletedSwitch';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { type SearchChange, searchChanged } from '@/components/list/listSearch';
import { nameColumn } from '@/components/list/nameColumn';
import { SearchInput } from '@/components/list/SearchInput';
import { useReturnColumn } from '@/components/list/useReturnColumn';
import { byText, wholeList } from '@/components/list/wholeList';
import { Page } from '@/components/Page';
import { useMe } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { DIRECTIONS } from './articleForm';
import { type Article, articlesQuery, returnArticle } from './queries';
import type { ArticlesSearch } from './search';

const route = getRouteApi('/shell/articles');

const ALL = 'all';
/** As the server orders them within a direction: members under their group. */
const IN_GROUPS = 'direction';
const nameOf = ({ name }: Article) => name;
const ORDERS = {
  [IN_GROUPS]: byText<Article>(({ direction }) => direction),
  name: byText(nameOf),
  group: byText(({ group }) => group, nameOf),
};

export function ArticlesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useMe();
  const deleted = search.deleted ?? me.clinic.show_deleted;
  const change = (part: SearchChange<ArticlesSearch>) => void navigate(searchChanged(part));
  const articles = useQuery(articlesQuery);
  const returns = useReturnColumn({
    nameOf,
    bringBack: returnArticle,
    refresh: () => queryClient.invalidateQueries({ queryKey: articlesQuery.queryKey }),
  });
  const list = wholeList({
    items: articles.data?.items,
    search,
    orders: ORDERS,
    sort: IN_GROUPS,
    text: ({ name, group, comment }) => `${name} ${group} ${comment}`,
    shows: (one) => (deleted || !one.deleted) && (search.direction === undefined || one.direction === search.direction),
  });

  const columns: readonly ListColumn<Article>[] = [
    nameColumn({
      key: 'name',
      title: 'Статья',
      sort: 'name',
      width: 300,
      nameOf,
      deletedWord: 'удалена',
      link: ({ id }, look) => <TextLink to="/articles/$id" params={{ id }} search={true} {...look} />,
      before: ({ group_id }) => group_id !== null && list.sort.endsWith(IN_GROUPS) && <Space w={12} />,
    }),
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
        {...list}
        error={articles.error}
        empty={
          <Empty icon={IconListTree} title={articles.data?.total === 0 ? 'Статей пока нет' : 'Таких статей нет'}>
            По статьям видно, откуда деньги приходят и на что уходят.
          </Empty>
        }
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
        exportName="Статьи"
      />
      <Outlet />
    </Page>
  );
}
