/** «Журнал действий»: who did what, when and from where, with old and new values. Filters live in the address. */
import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconDownload, IconListSearch, IconRefresh } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useDownload } from '@/components/useDownload';
import { Empty } from '@/components/Empty';
import { ColumnsMenu } from '@/components/list/ColumnsMenu';
import { isFiltered, unfiltered } from '@/components/list/listSearch';
import { useColumns } from '@/components/list/useColumns';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { Pages } from '@/components/Pages';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useRecordedPrint } from '@/lib/api/accessLog';
import { counted } from '@/lib/text';
import { COLUMNS } from './columns';
import { JournalFilters } from './JournalFilters';
import { JournalTabs } from './JournalTabs';
import { JournalTable } from './JournalTable';
import { asked, exportAddress, journalCountQuery, journalQuery, PAGE_SIZE } from './queries';
import type { JournalSearch, JournalSort } from './search';

const route = getRouteApi('/shell/journal');

export function JournalPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const journal = useQuery(journalQuery(search));
  const count = useQuery(journalCountQuery(search));
  useRecordedPrint(
    journal.data === undefined
      ? null
      : { objectType: 'journal', filter: asked(search), count: journal.data.items.length },
  );
  const items = journal.data?.items;
  const total = journal.data?.total ?? 0;
  const fresh = journal.isPlaceholderData ? 0 : Math.max(0, (count.data ?? total) - total);
  const filtered = isFiltered(search);
  const columns = useColumns('journal', COLUMNS);
  const shown = columns.shown.map(({ key }) => key);
  const workbook = useDownload(exportAddress(search, shown), 'Журнал действий.xlsx');

  function go(next: JournalSearch): void {
    void navigate({ search: next });
  }

  return (
    <Page
      title="Журнал действий"
      actions={
        <>
          <ColumnsMenu columns={columns} />
          <Button
            component="a"
            {...workbook.link}
            loading={workbook.loading}
            variant="default"
            leftSection={<IconDownload size={17} stroke={1.6} />}
          >
            Выгрузить в Excel
          </Button>
        </>
      }
    >
      <JournalTabs shown="/journal" />
      <JournalFilters search={search} onSearch={go} />
      <Group justify="space-between" mih={34} mb={4}>
        <Text size="sm" c="dimmed" role="status">
          {items ? counted(total, 'запись', 'записи', 'записей') : ' '}
        </Text>
        {fresh > 0 && (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconRefresh size={15} />}
            onClick={() => {
              void client.invalidateQueries({ queryKey: ['journal'] });
              go({ ...search, sort: undefined, page: undefined });
            }}
          >
            Новые записи: {fresh}. Показать
          </Button>
        )}
      </Group>
      {journal.isError && <ProblemAlert error={journal.error} />}
      {journal.isPending && <Loading height={420} what="Журнал загружается" />}
      {items?.length === 0 && (
        <Empty icon={IconListSearch} title={filtered ? 'Ничего не найдено' : 'Записей пока нет'}>
          {filtered ? (
            <Anchor component="button" type="button" onClick={() => go(unfiltered(search))}>
              Сбросить фильтры
            </Anchor>
          ) : (
            'Здесь появится каждое изменение: визиты, график, сотрудники, настройки.'
          )}
        </Empty>
      )}
      {items && items.length > 0 && (
        <JournalTable
          items={items}
          columns={columns.shown}
          sort={search.sort ?? '-moment'}
          onSort={(sort) => go({ ...search, sort: sort as JournalSort, page: undefined })}
        />
      )}
      <Pages page={search.page ?? 1} of={Math.ceil(total / PAGE_SIZE)} onChange={(page) => go({ ...search, page })} />
    </Page>
  );
}
