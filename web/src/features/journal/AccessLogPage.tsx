/** «Просмотры»: who looked at, exported or printed whose personal data (SEC-6). */
import { Button, Group, Table, Text } from '@mantine/core';
import { IconDownload, IconEye } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useDownload } from '@/components/useDownload';
import { Choice } from '@/components/fields/Choice';
import { Empty } from '@/components/Empty';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { PeriodInput } from '@/components/list/PeriodInput';
import { ResetFilters } from '@/components/list/ResetFilters';
import { SearchInput } from '@/components/list/SearchInput';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { Pages } from '@/components/Pages';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useMe } from '@/lib/api/me';
import { useRecordedPrint } from '@/lib/api/accessLog';
import { counted } from '@/lib/text';
import { formatMoment, toClinic } from '@/lib/time';
import { JournalTabs } from './JournalTabs';
import {
  accessLogFilters,
  journalFiltersQuery,
  PAGE_SIZE,
  accessLogExportAddress,
  accessLogQuery,
  type AccessLogItem,
} from './queries';
import type { AccessLogSearch } from './search';

const route = getRouteApi('/shell/journal/viewings');

/** «поиск: иванов, 3 записи». */
function formatList({ filter, count }: AccessLogItem): string {
  return [...filter, ...(count === null ? [] : [counted(count, 'запись', 'записи', 'записей')])].join(', ');
}

export function AccessLogPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const log = useQuery(accessLogQuery(search));
  const users = useQuery(journalFiltersQuery).data?.users ?? [];
  const items = log.data?.items;
  useRecordedPrint(
    items === undefined ? null : { objectType: 'viewings', filter: accessLogFilters(search), count: items.length },
  );
  const total = log.data?.total ?? 0;
  const workbook = useDownload(accessLogExportAddress(search), 'Просмотры.xlsx');
  const set = (part: AccessLogSearch) => void navigate({ search: (now) => ({ ...now, page: undefined, ...part }) });

  return (
    <Page
      title="Журнал действий"
      actions={
        <Button
          component="a"
          {...workbook.link}
          loading={workbook.loading}
          variant="default"
          leftSection={<IconDownload size={17} stroke={1.6} />}
        >
          Выгрузить в Excel
        </Button>
      }
    >
      <JournalTabs shown="/journal/viewings" />
      <Group gap="xs" align="end" role="search" aria-label="Фильтры просмотров">
        <SearchInput label="Пациент или номер карты" width={240} value={search.q ?? ''} onSearch={(q) => set({ q })} />
        <Choice
          label="Пользователь"
          placeholder="Все"
          clearable
          w={220}
          data={users.map(({ id, name }) => ({ value: id, label: name }))}
          value={search.user ?? null}
          onChange={(user) => set({ user: user ?? undefined })}
        />
        <PeriodInput label="Период" from={search.from} to={search.to} onChange={set} />
        <ResetFilters />
      </Group>
      <Text size="sm" c="dimmed" role="status" my="xs">
        {items ? counted(total, 'запись', 'записи', 'записей') : ' '}
      </Text>
      {log.isError && <ProblemAlert error={log.error} />}
      {log.isPending && <Loading height={420} what="Просмотры загружаются" />}
      {items?.length === 0 && (
        <Empty icon={IconEye} title="Ничего не найдено">
          Здесь видно, кто открывал карты и визиты, смотрел и выгружал списки.
        </Empty>
      )}
      {items && items.length > 0 && <AccessLogTable items={items} />}
      <Pages
        page={search.page ?? 1}
        of={Math.ceil(total / PAGE_SIZE)}
        onChange={(page) => void navigate({ search: (now) => ({ ...now, page }) })}
      />
    </Page>
  );
}

function AccessLogTable({ items }: { readonly items: readonly AccessLogItem[] }): ReactNode {
  const { zone } = useMe().clinic;
  return (
    <Table aria-label="Просмотры" verticalSpacing={6} stickyHeader>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Когда</Table.Th>
          <Table.Th>Кто</Table.Th>
          <Table.Th>Откуда</Table.Th>
          <Table.Th>Как</Table.Th>
          <Table.Th>Что</Table.Th>
          <Table.Th>Чьи данные</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={item.id}>
            <Table.Td className="tabular" style={{ whiteSpace: 'nowrap' }}>
              {formatMoment(toClinic(item.moment, zone))}
            </Table.Td>
            <Table.Td>{item.user.name}</Table.Td>
            <Table.Td>{item.address}</Table.Td>
            <Table.Td>{item.action}</Table.Td>
            <Table.Td>{item.object}</Table.Td>
            <Table.Td>
              {item.patient === null ? (
                formatList(item)
              ) : (
                <ObjectLink type="patient" id={item.patient.id}>
                  {item.patient.name}
                </ObjectLink>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
