/** «Выгрузка в MS Excel»: what goes into the archive, and of which days. The choice lives in the address. */
import { Button, Checkbox, Group, Paper, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useDownload } from '@/components/useDownload';
import { PeriodInput } from '@/components/list/PeriodInput';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { contentsQuery, exportAddress } from './queries';
import type { ExportSearch } from './search';
import { NOTHING_SEEN } from './words';

const route = getRouteApi('/shell/settings/excel/export');

export function ExportPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const contents = useQuery(contentsQuery);
  const catalogues = contents.data?.catalogues ?? [];
  const documents = contents.data?.documents ?? [];
  const all = [...catalogues, ...documents].map(({ key }) => key as string);
  const what = search.what?.filter((key) => all.includes(key)) ?? all;
  const period = documents.some(({ key }) => what.includes(key));

  const [from, to] = period ? [search.from ?? null, search.to ?? null] : [null, null];
  const archive = useDownload(exportAddress(what, from, to), 'Дента.zip');

  function go(next: ExportSearch): void {
    void navigate({ search: { ...search, ...next }, replace: true });
  }

  return (
    <Page title="Выгрузка в MS Excel">
      {contents.isError && <ProblemAlert error={contents.error} />}
      {contents.isPending && <Loading height={360} what="Справочники загружаются" />}
      {contents.data && all.length === 0 && <Text>{NOTHING_SEEN}</Text>}
      {all.length > 0 && (
        <Paper withBorder p="lg" maw={860}>
          <Stack gap="lg">
            <Checkbox
              label="Все справочники и документы"
              checked={what.length === all.length}
              indeterminate={what.length > 0 && what.length < all.length}
              onChange={(event) => go({ what: event.currentTarget.checked ? undefined : [] })}
            />
            <Group align="start" gap={60}>
              {catalogues.length > 0 && (
                <Checkbox.Group label="Справочники" value={what} onChange={(keys) => go({ what: keys })}>
                  <Stack gap="xs" mt="xs">
                    {catalogues.map(({ key, title }) => (
                      <Checkbox key={key} value={key} label={title} />
                    ))}
                  </Stack>
                </Checkbox.Group>
              )}
              {documents.length > 0 && (
                <Stack gap="md">
                  <Checkbox.Group label="Документы" value={what} onChange={(keys) => go({ what: keys })}>
                    <Stack gap="xs" mt="xs">
                      {documents.map(({ key, title }) => (
                        <Checkbox key={key} value={key} label={title} />
                      ))}
                    </Stack>
                  </Checkbox.Group>
                  <PeriodInput
                    label="Документы за период"
                    from={search.from}
                    to={search.to}
                    onChange={go}
                    width={250}
                    disabled={!period}
                  />
                </Stack>
              )}
            </Group>
            <Group gap="sm">
              {what.length > 0 ? (
                <Button
                  component="a"
                  {...archive.link}
                  loading={archive.loading}
                  leftSection={<IconDownload size={17} stroke={1.6} aria-hidden />}
                >
                  Выгрузить
                </Button>
              ) : (
                <Button disabled>Выгрузить</Button>
              )}
              <Text size="sm" c="dimmed">
                Архив с файлом Excel на каждый справочник и вид документов.
              </Text>
            </Group>
          </Stack>
        </Paper>
      )}
    </Page>
  );
}
