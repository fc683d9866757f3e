import { Group, Text } from '@mantine/core';
import { IconBriefcase2, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { NEW } from '@/components/card/CardPage';
import { Choice } from '@/components/fields/Choice';
import { Empty } from '@/components/Empty';
import { DeletedSwitch } from '@/components/list/DeletedSwitch';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { PAGE_SIZE, type SearchChange } from '@/components/list/listSearch';
import { SearchInput } from '@/components/list/SearchInput';
import { useReturnColumn } from '@/components/list/useReturnColumn';
import { ButtonLink, TextLink } from '@/components/links';
import { Page } from '@/components/Page';
import { useMe } from '@/lib/api/me';
import type { Service } from '@/lib/api/model';
import { queryClient } from '@/lib/api/queries';
import { allServicesQuery, givenBy, givingDoctorsQuery, returnService } from '@/entities/service/queries';
import { kopecks, rubles, shortName } from '@/lib/text';
import { formatDuration } from '@/lib/time';
import type { ServicesSearch } from './search';

const route = getRouteApi('/shell/services');

type Order = (one: Service, other: Service) => number;
const text = (one: string, other: string) => one.localeCompare(other, 'ru');
const ORDERS: Record<string, Order> = {
  name: (one, other) => text(one.name, other.name),
  category: (one, other) => text(one.category, other.category) || text(one.name, other.name),
  price: (one, other) => kopecks(one.price) - kopecks(other.price),
  duration: (one, other) => one.duration - other.duration,
};

function ordered(services: readonly Service[], sort: string): Service[] {
  const down = sort.startsWith('-');
  const order = ORDERS[down ? sort.slice(1) : sort] ?? ORDERS.category;
  return order === undefined
    ? [...services]
    : [...services].sort((one, other) => (down ? order(other, one) : order(one, other)));
}

const plain = (line: string) => line.toLowerCase().replaceAll('ё', 'е');

function onlineOf({ online }: Service): string {
  return online ? 'да' : '';
}

function doctorsOf({ doctors }: Service): string {
  return doctors.length === 0 ? 'все' : doctors.map(({ name }) => shortName(name)).join(', ');
}

/** The categories that services have, by name. */
function categoriesOf(services: readonly Service[]) {
  const names = new Map(
    services.flatMap(({ category_id, category }) => (category_id ? [[category_id, category]] : [])),
  );
  return [...names].map(([value, label]) => ({ value, label })).sort((one, other) => text(one.label, other.label));
}

export function ServicesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useMe();
  const deleted = search.deleted ?? me.clinic.show_deleted;
  const change = (part: SearchChange<ServicesSearch>) =>
    void navigate({ search: (now) => ({ ...now, page: undefined, ...part }), replace: 'q' in part });
  const services = useQuery(allServicesQuery);
  const doctors = useQuery(givingDoctorsQuery);
  const returns = useReturnColumn({
    nameOf: ({ name }: Service) => name,
    bringBack: returnService,
    refresh: () => queryClient.invalidateQueries({ queryKey: allServicesQuery.queryKey.slice(0, 1) }),
  });
  const page = search.page ?? 1;
  const sort = search.sort ?? 'category';
  const text = plain(search.q ?? '');
  const found =
    services.data === undefined
      ? undefined
      : ordered(
          services.data.items.filter(
            (one) =>
              (deleted || !one.deleted) &&
              plain(`${one.name} ${one.category}`).includes(text) &&
              (search.category === undefined || one.category_id === search.category) &&
              givenBy(one, search.doctor ?? null),
          ),
          sort,
        );

  const columns: readonly ListColumn<Service>[] = [
    {
      key: 'name',
      title: 'Услуга',
      sort: 'name',
      render: (service) => (
        <Group gap={8} wrap="nowrap">
          <TextLink
            to="/services/$id"
            params={{ id: service.id }}
            search={true}
            fw={500}
            c={service.deleted ? 'dimmed' : undefined}
          >
            {service.name}
          </TextLink>
          {service.deleted && <Text size="xs">удалена</Text>}
        </Group>
      ),
      text: (service) => (service.deleted ? `${service.name} (удалена)` : service.name),
    },
    {
      key: 'category',
      title: 'Категория',
      sort: 'category',
      width: 240,
      render: (service) => service.category,
      text: (service) => service.category,
    },
    {
      key: 'duration',
      title: 'Длительность',
      sort: 'duration',
      width: 150,
      render: (service) => formatDuration(service.duration),
      text: (service) => String(service.duration),
    },
    {
      key: 'price',
      title: 'Цена',
      sort: 'price',
      width: 130,
      align: 'right',
      render: (service) => <span className="tabular">{rubles(service.price)}</span>,
      text: (service) => service.price.replace('.', ','),
    },
    {
      key: 'unit',
      title: 'Единица',
      width: 130,
      optional: true,
      render: ({ unit }) => unit,
      text: ({ unit }) => unit,
    },
    { key: 'online', title: 'Онлайн-запись', width: 130, optional: true, render: onlineOf, text: onlineOf },
    { key: 'doctors', title: 'Врачи', optional: true, grow: true, render: doctorsOf, text: doctorsOf },
  ];

  return (
    <Page
      title="Услуги"
      actions={
        <>
          <ButtonLink to="/catalogues/$key" params={{ key: 'service_category' }} variant="default">
            Категории услуг
          </ButtonLink>
          <ButtonLink
            to="/services/$id"
            params={{ id: NEW }}
            search={true}
            leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
          >
            Новая услуга
          </ButtonLink>
        </>
      }
    >
      <ListTable
        name="services"
        label="Услуги"
        columns={deleted ? [...columns, returns] : columns}
        rows={found?.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)}
        total={found?.length}
        rowKey={({ id }) => id}
        greyed={({ deleted }) => deleted}
        waiting={false}
        error={services.error}
        empty={
          <Empty icon={IconBriefcase2} title={services.data?.total === 0 ? 'Услуг пока нет' : 'Таких услуг нет'}>
            Услуги выбирают при записи пациента: от них зависят длительность и сумма визита.
          </Empty>
        }
        sort={sort}
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput label="Название или категория" value={search.q ?? ''} onSearch={(q) => change({ q })} />
            <Choice
              aria-label="Категория"
              placeholder="Все категории"
              w={190}
              clearable
              data={categoriesOf(services.data?.items ?? [])}
              value={search.category ?? null}
              onChange={(category) => change({ category: category ?? undefined })}
            />
            <Choice
              aria-label="Врач"
              placeholder="Все врачи"
              w={190}
              clearable
              data={(doctors.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              value={search.doctor ?? null}
              onChange={(doctor) => change({ doctor: doctor ?? undefined })}
            />
            <DeletedSwitch value={search.deleted} onChange={(next) => change({ deleted: next })} />
          </>
        }
        nouns={['услуга', 'услуги', 'услуг']}
        loadAll={() => Promise.resolve(found ?? [])}
        exportName="Услуги"
      />
      <Outlet />
    </Page>
  );
}
