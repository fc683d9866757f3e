import { IconPercentage, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { NEW } from '@/components/card/CardPage';
import { Empty } from '@/components/Empty';
import { ButtonLink, TextLink } from '@/components/links';
import { DeletedSwitch } from '@/components/list/DeletedSwitch';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { type DeletedSearch, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { nameColumn } from '@/components/list/nameColumn';
import { SearchInput } from '@/components/list/SearchInput';
import { useReturnColumn } from '@/components/list/useReturnColumn';
import { byText, wholeList } from '@/components/list/wholeList';
import { Page } from '@/components/Page';
import { returnScheme, type Scheme, schemesQuery } from '@/entities/payroll/queries';
import { useMe } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { formatDate } from '@/lib/time';
import { PayrollTabs } from './PayrollTabs';
import { BASES, inWords } from './schemeForm';

const route = getRouteApi('/shell/pay-schemes');
const nameOf = ({ employee }: Scheme) => employee.name;
const ORDERS = { name: byText(nameOf), starts: byText<Scheme>(({ fields }) => fields.starts_on, nameOf) };
const daysOf = ({ fields, until }: Scheme) =>
  `с ${formatDate(fields.starts_on)}${until === null ? '' : ` по ${formatDate(until)}`}`;

export function SchemesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useMe();
  const deleted = search.deleted ?? me.clinic.show_deleted;
  const change = (part: SearchChange<DeletedSearch>) => void navigate(searchChanged(part));
  const schemes = useQuery(schemesQuery);
  const returns = useReturnColumn({
    nameOf,
    bringBack: returnScheme,
    refresh: () => queryClient.invalidateQueries({ queryKey: schemesQuery.queryKey }),
  });
  const list = wholeList({
    items: schemes.data?.items,
    search,
    orders: ORDERS,
    sort: 'name',
    text: (one) => `${nameOf(one)} ${one.fields.comment}`,
    shows: (one) => deleted || !one.deleted,
  });
  const columns: readonly ListColumn<Scheme>[] = [
    nameColumn({
      key: 'name',
      title: 'Сотрудник',
      sort: 'name',
      width: 300,
      nameOf,
      deletedWord: 'удалена',
      link: ({ id }, look) => <TextLink to="/pay-schemes/$id" params={{ id }} search={true} {...look} />,
    }),
    { key: 'days', title: 'Действует', sort: 'starts', width: 240, render: daysOf, text: daysOf },
    { key: 'words', title: 'Что начисляется', grow: true, render: inWords, text: inWords },
    {
      key: 'base',
      title: 'С чего процент',
      width: 150,
      render: ({ fields }) => BASES[fields.base],
      text: ({ fields }) => BASES[fields.base],
    },
    {
      key: 'comment',
      title: 'Комментарий',
      optional: true,
      grow: true,
      render: ({ fields }) => fields.comment,
      text: ({ fields }) => fields.comment,
    },
  ];
  return (
    <Page
      title="Схемы начисления ЗП"
      actions={
        <ButtonLink
          to="/pay-schemes/$id"
          params={{ id: NEW }}
          search={true}
          leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
        >
          Новая схема
        </ButtonLink>
      }
    >
      <PayrollTabs />
      <ListTable
        name="pay-schemes"
        label="Схемы начисления ЗП"
        columns={deleted ? [...columns, returns] : columns}
        {...list}
        error={schemes.error}
        empty={
          <Empty icon={IconPercentage} title={schemes.data?.total === 0 ? 'Схем пока нет' : 'Таких схем нет'}>
            Схема говорит, за что и сколько начислять сотруднику с какого дня.
          </Empty>
        }
        onChange={change}
        filters={
          <>
            <SearchInput label="Сотрудник, комментарий" value={search.q ?? ''} onSearch={(q) => change({ q })} />
            <DeletedSwitch value={search.deleted} onChange={(next) => change({ deleted: next })} />
          </>
        }
        nouns={['схема', 'схемы', 'схем']}
        exportName="Схемы начисления ЗП"
      />
      <Outlet />
    </Page>
  );
}
