import { IconBriefcase2, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { NEW } from '@/components/card/CardPage';
import { Choice } from '@/components/fields/Choice';
import { Empty } from '@/components/Empty';
import { DeletedSwitch } from '@/components/list/DeletedSwitch';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { type SearchChange, searchChanged } from '@/components/list/listSearch';
import { nameColumn } from '@/components/list/nameColumn';
import { SearchInput } from '@/components/list/SearchInput';
import { useReturnColumn } from '@/components/list/useReturnColumn';
import { byText, type Order, wholeList } from '@/components/list/wholeList';
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

const nameOf = ({ name }: Service) => name;
const ORDERS: Record<string, Order<Service>> = {
  name: byText(nameOf),
  category: byText(({ category }) => category, nameOf),
  price: (one, other) => kopecks(one.price) - kopecks(other.price),
  duration: (one, other) => one.duration - other.duration,
};

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
  return [...names].map(([value, label]) => ({ value, label })).sort(byText(({ label }) => label));
}

export function ServicesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useMe();
  const deleted = search.deleted ?? me.clinic.show_deleted;
  const change = (part: SearchChange<ServicesSearch>) => void navigate(searchChanged(part));
  const services = useQuery(allServicesQuery);
  const doctors = useQuery(givingDoctorsQuery);
  const returns = useReturnColumn({
    nameOf,
    bringBack: returnService,
    refresh: () => queryClient.invalidateQueries({ queryKey: allServicesQuery.queryKey.slice(0, 1) }),
  });
  const list = wholeList({
    items: services.data?.items,
    search,
    orders: ORDERS,
    sort: 'category',
    text: ({ name, category }) => `${name} ${category}`,
    shows: (one) =>
      (deleted || !one.deleted) &&
      (search.category === undefined || one.category_id === search.category) &&
      givenBy(one, search.doctor ?? null),
  });

  const columns: readonly ListColumn<Service>[] = [
    nameColumn({
      key: 'name',
      title: 'Услуга',
      sort: 'name',
      nameOf,
      deletedWord: 'удалена',
      link: ({ id }, look) => <TextLink to="/services/$id" params={{ id }} search={true} {...look} />,
    }),
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
        {...list}
        error={services.error}
        empty={
          <Empty icon={IconBriefcase2} title={services.data?.total === 0 ? 'Услуг пока нет' : 'Таких услуг нет'}>
            Услуги выбирают при записи пациента: от них зависят длительность и сумма визита.
          </Empty>
        }
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
        exportName="Услуги"
      />
      <Outlet />
    </Page>
  );
}
