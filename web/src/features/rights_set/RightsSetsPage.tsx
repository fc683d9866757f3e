/** «Управление правами доступа»: sets of rights, each with the employees who have it. */
import { IconPlus, IconShieldLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { ButtonLink, TextLink } from '@/components/links';
import { ListTable, type ListColumn } from '@/components/list/ListTable';
import { type ListSearch, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { SearchInput } from '@/components/list/SearchInput';
import { byText, wholeList } from '@/components/list/wholeList';
import { Page } from '@/components/Page';
import { useMe } from '@/lib/api/me';
import { rightsSetsQuery, rightsTreeQuery, type RightsSet } from '@/entities/rights_set/queries';
import { flat } from './draft';

const route = getRouteApi('/shell/settings/rights');
const ORDERS = { name: byText<RightsSet>(({ name }) => name) };
const people = (set: RightsSet) => set.employees.map(({ name }) => name).join(', ');

export function RightsSetsPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useMe();
  const change = (part: SearchChange<ListSearch>) => void navigate(searchChanged(part));
  const sets = useQuery(rightsSetsQuery(me.clinic.show_deleted));
  const tree = useQuery(rightsTreeQuery);
  const labels = new Map(flat(tree.data?.items ?? []).map(({ node, path }) => [String(node.right), path]));
  const list = wholeList({
    items: sets.data?.items,
    search,
    orders: ORDERS,
    sort: 'name',
    text: (set) => `${set.name} ${people(set)}`,
  });

  const columns: readonly ListColumn<RightsSet>[] = [
    {
      key: 'name',
      title: 'Набор прав',
      sort: 'name',
      width: 280,
      render: ({ id, name }) => (
        <TextLink to="/settings/rights/$id" params={{ id }} fw={500}>
          {name}
        </TextLink>
      ),
      text: ({ name }) => name,
    },
    {
      key: 'employees',
      title: 'Сотрудники',
      render: (set) => people(set) || '—',
      text: people,
    },
    {
      key: 'start_page',
      title: 'Стартовая страница',
      width: 240,
      render: (set) => labels.get(set.start_page) ?? '—',
      text: (set) => labels.get(set.start_page) ?? '',
    },
  ];

  return (
    <Page
      title="Управление правами доступа"
      actions={
        <ButtonLink to="/settings/rights/new" leftSection={<IconPlus size={17} aria-hidden />}>
          Новый набор прав доступа
        </ButtonLink>
      }
    >
      <ListTable
        name="rights-sets"
        label="Наборы прав доступа"
        columns={columns}
        {...list}
        error={sets.error}
        empty={
          <Empty icon={IconShieldLock} title="Таких наборов нет">
            Набор прав определяет, какие разделы видит сотрудник.
          </Empty>
        }
        onChange={change}
        filters={<SearchInput label="Название или сотрудник" value={search.q ?? ''} onSearch={(q) => change({ q })} />}
        nouns={['набор', 'набора', 'наборов']}
        exportName="Наборы прав доступа"
      />
    </Page>
  );
}
