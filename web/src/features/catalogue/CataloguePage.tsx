/** The list of one catalogue, made of what the server says of it; the card opens in a window above. */
import { IconList, IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { NEW } from '@/components/card/CardPage';
import { ReferenceFilter } from '@/entities/catalogue/ReferenceFilter';
import { Empty } from '@/components/Empty';
import { ButtonLink } from '@/components/links';
import { DeletedSwitch } from '@/components/list/DeletedSwitch';
import { ListTable } from '@/components/list/ListTable';
import { allRows, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { SearchInput } from '@/components/list/SearchInput';
import { useReturnColumn } from '@/components/list/useReturnColumn';
import { Page } from '@/components/Page';
import { cataloguesQuery, entriesQuery, returnEntry } from '@/entities/catalogue/queries';
import { useMe } from '@/lib/api/me';
import { columnsOf, nameOf } from './columns';
import type { EntriesSearch } from './search';
import { useCatalogue } from './useCatalogue';
import { useRefresh } from './useRefresh';

const route = getRouteApi('/shell/catalogues/$key');

export function CataloguePage(): ReactNode {
  const catalogue = useCatalogue();
  // columns, search and what is being typed belong to one catalogue
  return <EntriesPage key={catalogue.key} />;
}

function EntriesPage(): ReactNode {
  const me = useMe();
  const catalogue = useCatalogue();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const refresh = useRefresh(catalogue);
  const page = search.page ?? 1;
  const q = search.q ?? '';
  const sorted = (search.sort ?? '').replace(/^-/, '');
  const sort = search.sort !== undefined && catalogue.fields.some(({ name }) => name === sorted) ? search.sort : 'name';
  const deleted = search.deleted ?? me.clinic.show_deleted;
  const references = catalogue.fields.filter(
    ({ type, shown_by_default: byDefault }) => type === 'reference' && byDefault,
  );
  const referring: Record<string, string> = {};
  for (const { name } of references) {
    const id = search[`by_${name}`];
    if (id !== undefined) referring[name] = id;
  }
  const narrowed = q !== '' || Object.keys(referring).length > 0;
  const filter = { ...referring, q, sort, deleted };
  const change = (part: SearchChange<EntriesSearch>) => void navigate(searchChanged(part));
  const entries = useQuery(entriesQuery(catalogue, { ...filter, page, size: PAGE_SIZE }));
  const chosenFrom = useQuery(cataloguesQuery).data?.items.filter(
    ({ key, editable }) => editable && catalogue.fields.some(({ refers_to: target }) => target === key),
  );

  const returns = useReturnColumn({
    nameOf: nameOf,
    bringBack: (entry) => returnEntry(catalogue, entry),
    refresh: refresh,
  });
  const columns = columnsOf(catalogue);

  return (
    <Page
      title={catalogue.title}
      actions={
        <>
          {chosenFrom?.map(({ key, title }) => (
            <ButtonLink key={key} to="/catalogues/$key" params={{ key }} variant="default">
              {title}
            </ButtonLink>
          ))}
          <ButtonLink
            to="/catalogues/$key/$id"
            params={{ key: catalogue.key, id: NEW }}
            search={true}
            leftSection={<IconPlus size={17} aria-hidden />}
          >
            {catalogue.new_entry_title}
          </ButtonLink>
        </>
      }
    >
      <ListTable
        name={catalogue.key}
        label={catalogue.title}
        columns={deleted ? [...columns, returns] : columns}
        rows={entries.data?.items}
        total={entries.data?.total}
        waiting={entries.isPlaceholderData}
        error={entries.error}
        empty={
          <Empty icon={IconList} title={narrowed ? 'Ничего не нашли' : 'Справочник пуст'}>
            {narrowed
              ? 'Попробуйте часть названия или другого поля, другие условия.'
              : 'Первую запись добавит кнопка справа вверху.'}
          </Empty>
        }
        sort={sort}
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput
              label="Поиск по справочнику"
              width={references.length > 0 ? 240 : 320}
              value={q}
              onSearch={(q) => change({ q })}
            />
            {references.map(({ name, label, refers_to: target }) => (
              <ReferenceFilter
                key={name}
                label={label}
                catalogue={target}
                width={`max(180px, ${label.length}ch + 3.5rem)`}
                value={referring[name]}
                onChange={(id) => change({ [`by_${name}`]: id })}
              />
            ))}
            <DeletedSwitch value={search.deleted} onChange={(next) => change({ deleted: next })} />
          </>
        }
        nouns={['запись', 'записи', 'записей']}
        loadAll={() => allRows((at, size) => queries.query(entriesQuery(catalogue, { ...filter, page: at, size })))}
        exportName={catalogue.title}
      />
      <Outlet />
    </Page>
  );
}
