import { Button, Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Choice } from '@/components/fields/Choice';
import { PeriodInput } from '@/components/list/PeriodInput';
import { ResetFilters } from '@/components/list/ResetFilters';
import { SearchInput } from '@/components/list/SearchInput';
import { isObjectType } from '@/lib/api/objectTypes';
import { journalFiltersQuery } from './queries';
import type { JournalSearch } from './search';

interface JournalFiltersProps {
  readonly search: JournalSearch;
  readonly onSearch: (search: JournalSearch) => void;
}

export function JournalFilters({ search, onSearch }: JournalFiltersProps): ReactNode {
  const filters = useQuery(journalFiltersQuery).data;

  function set(next: JournalSearch): void {
    onSearch({ ...search, ...next, page: undefined });
  }

  return (
    <Group gap="xs" align="end" role="search" aria-label="Фильтры журнала">
      <SearchInput label="Имя, номер визита, слово" width={240} value={search.q ?? ''} onSearch={(q) => set({ q })} />
      <Choice
        label="Пользователь"
        placeholder="Все"
        clearable
        w={190}
        data={filters?.users.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={search.user ?? null}
        onChange={(user) => set({ user: user ?? undefined })}
      />
      <Select
        label="Объект"
        placeholder="Все"
        clearable
        w={150}
        data={filters?.object_types.map(({ key, label }) => ({ value: key, label })) ?? []}
        value={search.type ?? null}
        onChange={(type) => set({ type: isObjectType(type) ? type : undefined })}
      />
      <Choice
        label="Действие"
        placeholder="Все"
        clearable
        w={190}
        data={filters?.kinds.map(({ key, label }) => ({ value: key, label })) ?? []}
        value={search.kind ?? null}
        onChange={(kind) => set({ kind: kind ?? undefined })}
      />
      <PeriodInput label="Период" from={search.from} to={search.to} onChange={set} />
      {search.object !== undefined && (
        <Button variant="light" onClick={() => set({ object: undefined })}>
          Один объект ✕
        </Button>
      )}
      <ResetFilters />
    </Group>
  );
}
