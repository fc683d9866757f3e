/** «Загрузка из MS Excel»: catalogue, template, preparation, file; and the loadings of the last month. */
import { Alert, Anchor, Button, FileButton, Group, Paper, Select, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconUpload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState, type ReactNode } from 'react';
import { useDownload } from '@/components/useDownload';
import { Loading } from '@/components/Loading';
import { TextLink } from '@/components/links';
import { useStillHere } from '@/components/ownPage';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useMe } from '@/lib/api/me';
import { formatMoment, toClinic } from '@/lib/time';
import { contentsQuery, importsQuery, upload, type CatalogueKey, type Column } from './queries';
import { MOST_BYTES, NOTHING_SEEN, STATES, TOO_LARGE } from './words';
import classes from './excel.module.css';

const TYPE = '.xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

function listed(columns: readonly Column[]): string {
  return columns.map(({ heading, required }) => (required ? `${heading}*` : heading)).join(', ');
}

export function ImportsPage(): ReactNode {
  const contents = useQuery(contentsQuery);
  const imports = useQuery(importsQuery);
  const { zone } = useMe().clinic;
  const navigate = useNavigate();
  const isStillHere = useStillHere();
  const [picked, setPicked] = useState<CatalogueKey | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const forget = useRef<() => void>(null);
  const offered = contents.data?.catalogues ?? [];
  const chosen = offered.find(({ key }) => key === picked) ?? offered[0];
  const template = useDownload(`/api/excel/templates/${chosen?.key ?? ''}`);
  // the server would refuse it halfway, of which a browser tells only that the connection broke
  const large = file !== null && file.size > MOST_BYTES;
  const sending = useMutation({
    mutationFn: ({ key, sent }: { key: CatalogueKey; sent: File }) => upload(key, sent),
    onSuccess: async (job) => {
      if (isStillHere()) await navigate({ to: '/settings/excel/import/$id', params: { id: job.id } });
    },
  });

  return (
    <Page title="Загрузка из MS Excel">
      {contents.isError && <ProblemAlert error={contents.error} />}
      {contents.isPending && <Loading height={360} what="Справочники загружаются" />}
      {contents.data && chosen === undefined && <Text>{NOTHING_SEEN}</Text>}
      {chosen && (
        <Paper withBorder p="lg" maw={860} mb="xl">
          <ol className={classes.steps}>
            <li>
              <Title order={2} size="h4">
                Выберите справочник
              </Title>
              <Select
                aria-label="Справочник"
                maw={320}
                allowDeselect={false}
                data={offered.map(({ key, title }) => ({ value: key, label: title }))}
                value={chosen.key}
                onChange={(value) => {
                  if (value === null) return;
                  setPicked(value);
                  setFile(null);
                  sending.reset();
                }}
              />
            </li>
            <li>
              <Title order={2} size="h4">
                Скачайте шаблон
              </Title>
              <Anchor {...template.link}>
                <Group component="span" gap={6} display="inline-flex">
                  <IconDownload size={17} stroke={1.6} aria-hidden />
                  Скачать шаблон
                </Group>
              </Anchor>
            </li>
            <li>
              <Title order={2} size="h4">
                Подготовьте файл
              </Title>
              <Text size="sm">
                Данные начинаются со второй строки, порядок столбцов любой. Заполненный ID изменит запись, пустой
                создаст новую.
                {chosen.key === 'patients' && ' Без ID изменится пациент с теми же фамилией, именем и отчеством.'}
              </Text>
              <Text size="sm" c="dimmed">
                Столбцы: {listed(chosen.columns)}
              </Text>
              {chosen.second_sheet && (
                <Text size="sm" c="dimmed">
                  Лист «{chosen.second_sheet.title}» (необязательный): {listed(chosen.second_sheet.columns)}. Услугу
                  будут оказывать ровно названные врачи, у остальных услуг врачи не изменятся.
                </Text>
              )}
            </li>
            <li>
              <Title order={2} size="h4">
                Загрузите файл
              </Title>
              <Group gap="sm">
                <FileButton
                  onChange={(given) => {
                    setFile(given);
                    sending.reset();
                  }}
                  resetRef={forget}
                  accept={TYPE}
                  inputProps={{ 'aria-label': 'Файл Excel' }}
                >
                  {(props) => (
                    <Button
                      {...props}
                      onClick={() => {
                        // else the same file, mended and chosen once more, would be no change and go unnoticed
                        forget.current?.();
                        props.onClick();
                      }}
                      variant="default"
                      leftSection={<IconUpload size={17} stroke={1.6} aria-hidden />}
                    >
                      Загрузить файл
                    </Button>
                  )}
                </FileButton>
                <Text size="sm" role="status">
                  {file?.name ?? 'Файл не выбран'}
                </Text>
              </Group>
              <Button
                disabled={file === null || large}
                loading={sending.isPending}
                onClick={() => {
                  if (file !== null) sending.mutate({ key: chosen.key, sent: file });
                }}
              >
                Импортировать данные из файла
              </Button>
              <Text size="sm" c="dimmed">
                Сначала файл проверится. Данные изменятся, когда вы согласитесь с тем, что найдено.
              </Text>
              {large && (
                <Alert color="red" role="alert" icon={<IconAlertTriangle size={18} aria-hidden />}>
                  {TOO_LARGE}
                </Alert>
              )}
              {sending.isError && <ProblemAlert error={sending.error} />}
            </li>
          </ol>
        </Paper>
      )}
      {imports.data && imports.data.items.length > 0 && (
        <section aria-labelledby="loadings">
          <Title order={2} size="h3" id="loadings" mb="xs">
            Загрузки за месяц
          </Title>
          <Table aria-labelledby="loadings" maw={860}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Когда</Table.Th>
                <Table.Th>Справочник</Table.Th>
                <Table.Th>Кто</Table.Th>
                <Table.Th>Состояние</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {imports.data.items.map((job) => (
                <Table.Tr key={job.id}>
                  <Table.Td>
                    <TextLink to="/settings/excel/import/$id" params={{ id: job.id }}>
                      {formatMoment(toClinic(job.created_at, zone))}
                    </TextLink>
                  </Table.Td>
                  <Table.Td>{job.title}</Table.Td>
                  <Table.Td>{job.author?.name ?? 'Система'}</Table.Td>
                  <Table.Td>{STATES[job.state]}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </Page>
  );
}
