/** The catalogue of employees; deleted ones greyed with «Вернуть» where the clinic shows them. */
import { Avatar, Center, ColorSwatch, Select } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ReferenceFilter } from '@/entities/catalogue/ReferenceFilter';
import { Empty } from '@/components/Empty';
import { ButtonLink, TextLink } from '@/components/links';
import { ListTable, type ListColumn } from '@/components/list/ListTable';
import { allRows, orderOf, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { nameColumn } from '@/components/list/nameColumn';
import { SearchInput } from '@/components/list/SearchInput';
import { useReturnColumn } from '@/components/list/useReturnColumn';
import { Page } from '@/components/Page';
import { useMe } from '@/lib/api/me';
import { employeePhotoAddress } from '@/lib/api/photos';
import { formatPhone } from '@/lib/text';
import { employeesQuery, returnEmployee, type EmployeeItem } from './queries';
import type { EmployeesSearch } from './search';

const route = getRouteApi('/shell/employees');

const ORDERS = ['name', '-name', 'number', '-number', 'position', '-position'] as const;
const nameOf = ({ name }: EmployeeItem) => name;

function accessOf({ access }: EmployeeItem): string {
  return access?.allowed === true ? access.rights_set.name : '';
}

/** The photo in a ring of the colour that the employee has in the calendar; without one the colour alone. */
function Face({ employee: { id, color, photo } }: { employee: EmployeeItem }) {
  const shown = color || 'var(--denta-line-strong)';
  return photo === null ? (
    <Center w={28} aria-hidden>
      <ColorSwatch size={12} color={shown} withShadow={false} />
    </Center>
  ) : (
    <Avatar src={employeePhotoAddress(id, photo)} size={28} style={{ border: `2px solid ${shown}` }} alt="" />
  );
}

const COLUMNS: readonly ListColumn<EmployeeItem>[] = [
  {
    key: 'number',
    title: '№',
    sort: 'number',
    width: 70,
    render: ({ number }) => <span className="tabular">{number}</span>,
    text: ({ number }) => String(number),
  },
  nameColumn({
    key: 'name',
    title: 'Сотрудник',
    sort: 'name',
    nameOf,
    deletedWord: 'удалён',
    link: ({ id }, look) => <TextLink to="/employees/$id" params={{ id }} {...look} />,
    before: (employee) => <Face employee={employee} />,
  }),
  {
    key: 'position',
    title: 'Должность',
    sort: 'position',
    render: ({ position }) => position,
    text: ({ position }) => position,
  },
  {
    key: 'phone',
    title: 'Телефон',
    width: 170,
    render: ({ phone }) => <span className="tabular">{formatPhone(phone)}</span>,
    text: ({ phone }) => formatPhone(phone),
  },
  { key: 'email', title: 'E-mail', optional: true, render: ({ email }) => email, text: ({ email }) => email },
  {
    key: 'takes_visits',
    title: 'Приём',
    width: 90,
    render: ({ takes_visits }) => (takes_visits ? 'ведёт' : ''),
    text: ({ takes_visits }) => (takes_visits ? 'ведёт' : ''),
  },
  { key: 'access', title: 'Доступ', width: 150, render: accessOf, text: accessOf },
];

export function EmployeesPage(): ReactNode {
  const me = useMe();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const q = search.q ?? '';
  const page = search.page ?? 1;
  const sort = orderOf(search, ORDERS, 'name');
  const { position, takes_visits } = search;
  const narrowed = q !== '' || position !== undefined || takes_visits !== undefined;
  const filter = { q, position_id: position, takes_visits, sort, deleted: me.clinic.show_deleted };
  const change = (part: SearchChange<EmployeesSearch>) => void navigate(searchChanged(part));
  const employees = useQuery(employeesQuery({ ...filter, page, size: PAGE_SIZE }));
  const returns = useReturnColumn({
    nameOf,
    bringBack: ({ id, version }) => returnEmployee(id, version),
    refresh: () => queries.invalidateQueries({ queryKey: ['employees'] }),
  });

  return (
    <Page
      title="Сотрудники"
      actions={
        <ButtonLink to="/employees/new" leftSection={<IconPlus size={17} aria-hidden />}>
          Новый сотрудник
        </ButtonLink>
      }
    >
      <ListTable
        name="employees"
        label="Сотрудники"
        columns={me.clinic.show_deleted ? [...COLUMNS, returns] : COLUMNS}
        rows={employees.data?.items}
        total={employees.data?.total}
        waiting={employees.isPlaceholderData}
        error={employees.error}
        empty={
          <Empty icon={IconUsers} title={narrowed ? 'Никого не нашли' : 'Сотрудников пока нет'}>
            {narrowed
              ? 'Попробуйте часть имени или должности, другие условия.'
              : 'Добавьте врачей и администраторов, чтобы составить график.'}
          </Empty>
        }
        sort={sort}
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput label="Имя, должность, телефон" value={q} onSearch={(q) => change({ q })} />
            <ReferenceFilter
              label="Должность"
              placeholder="Все должности"
              catalogue="position"
              width={190}
              value={position}
              onChange={(id) => change({ position: id })}
            />
            <Select
              aria-label="Приём"
              placeholder="Приём"
              w={175}
              clearable
              data={[
                { value: 'true', label: 'Ведут приём' },
                { value: 'false', label: 'Не ведут приём' },
              ]}
              value={takes_visits === undefined ? null : String(takes_visits)}
              onChange={(taking) => change({ takes_visits: taking === null ? undefined : taking === 'true' })}
            />
          </>
        }
        nouns={['сотрудник', 'сотрудника', 'сотрудников']}
        accessed={{ objectType: 'employee', filter: { ...filter, sort: undefined } }}
        loadAll={() => allRows((at, size) => queries.query(employeesQuery({ ...filter, page: at, size })))}
        exportName="Сотрудники"
      />
    </Page>
  );
}
