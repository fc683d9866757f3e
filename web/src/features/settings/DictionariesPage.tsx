/** «Справочники»: loaded versions of МКБ-10 and other federal dictionaries, and the search in one of them. */
import { Anchor, Code, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { SearchInput } from '@/components/list/SearchInput';
import { Loading } from '@/components/Loading';
import { Mark } from '@/components/Mark';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useMe } from '@/lib/api/me';
import { counted } from '@/lib/text';
import { formatMoment, toClinic } from '@/lib/time';
import { dictionariesQuery, dictionarySearchQuery, type DictionaryVersion } from '@/entities/dictionary/queries';

const route = getRouteApi('/shell/settings/dictionaries');

export function DictionariesPage(): ReactNode {
  const versions = useQuery(dictionariesQuery);
  const { oid, version } = route.useSearch();
  const chosen =
    versions.data?.items.find((one) => one.oid === oid && one.version === version) ??
    versions.data?.items.find(({ current }) => current);
  return (
    <Page title="Справочники">
      {versions.isError && <ProblemAlert error={versions.error} />}
      {versions.isPending && <Loading height={360} what="Справочники загружаются" />}
      {versions.data && (
        <Stack gap="md" maw={1000}>
          <Versions items={versions.data.items} chosen={chosen} />
          {chosen && <Entries of={chosen} />}
        </Stack>
      )}
    </Page>
  );
}

interface VersionsProps {
  readonly items: readonly DictionaryVersion[];
  readonly chosen: DictionaryVersion | undefined;
}

function Versions({ items, chosen }: VersionsProps): ReactNode {
  const { zone } = useMe().clinic;
  const navigate = route.useNavigate();
  return (
    <Paper withBorder p="lg" component="section" aria-label="Загруженные версии">
      <Title order={2} mb="xs">
        Загруженные версии
      </Title>
      <Table aria-label="Загруженные версии" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Справочник</Table.Th>
            <Table.Th>Версия</Table.Th>
            <Table.Th>Записей</Table.Th>
            <Table.Th>Загружена</Table.Th>
            <Table.Th>OID</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((one) => (
            <Table.Tr key={`${one.oid} ${one.version}`}>
              <Table.Td>
                <Anchor
                  component="button"
                  type="button"
                  fw={one === chosen ? 600 : undefined}
                  aria-current={one === chosen ? 'true' : undefined}
                  onClick={() => void navigate({ search: { oid: one.oid, version: one.version } })}
                >
                  {one.title}
                </Anchor>
              </Table.Td>
              <Table.Td>
                {one.version === '0' ? 'начальный набор' : one.version}
                {one.current && (
                  <Mark like="completed" ml={8}>
                    действует
                  </Mark>
                )}
              </Table.Td>
              <Table.Td className="tabular">{one.entries}</Table.Td>
              <Table.Td className="tabular">{formatMoment(toClinic(one.loaded_at, zone))}</Table.Td>
              <Table.Td className="tabular">{one.oid}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed" mt="sm">
        Новую версию загружает администратор сервера командой <Code>denta nsi load файл.csv</Code>. Прежние версии
        остаются для старых документов.
      </Text>
    </Paper>
  );
}

function Entries({ of }: { readonly of: DictionaryVersion }): ReactNode {
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const found = useQuery({ ...dictionarySearchQuery(of.oid, of.version, q), placeholderData: keepPreviousData });
  return (
    <Paper withBorder p="lg" component="section" aria-label={`Поиск: ${of.title}`}>
      <Title order={2} mb="xs">
        {of.title}
      </Title>
      <SearchInput
        label="Код или слова из названия"
        value={q}
        onSearch={(typed) =>
          void navigate({
            search: ({ oid, version }) => ({
              ...(oid === undefined ? {} : { oid }),
              ...(version === undefined ? {} : { version }),
              ...(typed === undefined ? {} : { q: typed }),
            }),
            replace: true,
          })
        }
      />
      {found.isError && <ProblemAlert error={found.error} />}
      {found.data && (
        <>
          <Text size="sm" c="dimmed" role="status" my="xs">
            {found.data.total === 0
              ? 'Ничего не найдено. Попробуйте часть слова или начало кода.'
              : counted(found.data.total, 'запись', 'записи', 'записей')}
          </Text>
          {found.data.items.length > 0 && (
            <Table aria-label={of.title} verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={110}>Код</Table.Th>
                  <Table.Th>Название</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {found.data.items.map((item) => (
                  <Table.Tr key={item.code}>
                    <Table.Td className="tabular">{item.code}</Table.Td>
                    <Table.Td>
                      {item.name}
                      {!item.actual && (
                        <Mark like="planned" ml={8}>
                          не действует
                        </Mark>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </>
      )}
    </Paper>
  );
}
