/** All versions of the schedule, newest first. */
import { Paper, Table, Text } from '@mantine/core';
import { Loading } from '@/components/Loading';
import { Mark } from '@/components/Mark';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { ButtonLink, TextLink } from '@/components/links';
import { Page } from '@/components/Page';
import { Pages } from '@/components/Pages';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useMe } from '@/lib/api/me';
import { formatMoment, toClinic } from '@/lib/time';
import { versionsQuery } from '../queries';
import { formatVersion } from './versionWords';

const route = getRouteApi('/shell/settings/hours/versions');
const SIZE = 50;

export function VersionsPage(): ReactNode {
  const { zone } = useMe().clinic;
  const { page = 1 } = route.useSearch();
  const navigate = route.useNavigate();
  const versions = useQuery(versionsQuery(page, SIZE));
  const items = versions.data?.items;
  const pages = Math.ceil((versions.data?.total ?? 0) / SIZE);

  return (
    <Page
      title="Версии графика"
      actions={
        <>
          <ButtonLink to="/settings/hours/at" variant="default">
            Состояние на дату
          </ButtonLink>
          <ButtonLink to="/settings/hours" variant="default">
            К графику
          </ButtonLink>
        </>
      }
    >
      {versions.isError && <ProblemAlert error={versions.error} />}
      {versions.isPending && <Loading height={300} what="Версии загружаются" />}
      {items?.length === 0 && (
        <Empty icon={IconHistory} title="Версий пока нет">
          Они появятся после первого сохранения графика.
        </Empty>
      )}
      {items && items.length > 0 && (
        <Paper withBorder>
          <Table highlightOnHover aria-label="Версии графика">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={90}>Версия</Table.Th>
                <Table.Th w={190}>Дата и время</Table.Th>
                <Table.Th w={260}>Кто сохранил</Table.Th>
                <Table.Th>Что изменилось</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((version, index) => (
                <Table.Tr key={version.version}>
                  <Table.Td className="tabular">{version.version}</Table.Td>
                  <Table.Td className="tabular">
                    <TextLink
                      to="/settings/hours/versions/$version"
                      params={{ version: String(version.version) }}
                      underline="always"
                      size="sm"
                    >
                      {formatMoment(toClinic(version.moment, zone))}
                    </TextLink>
                  </Table.Td>
                  <Table.Td>{version.author?.name ?? <Text c="dimmed">система</Text>}</Table.Td>
                  <Table.Td>
                    {formatVersion(version)}
                    {page === 1 && index === 0 && (
                      <Mark like="completed" ml={10}>
                        действует сейчас
                      </Mark>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
      <Pages page={page} of={pages} onChange={(next) => void navigate({ search: { page: next } })} />
    </Page>
  );
}
