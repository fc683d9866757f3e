/** One loading: how far it is, what the check found, decisions, «Импортировать», the report, taking it back. */
import { Alert, Button, Group, Paper, Progress, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconInfoCircle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { askFirst } from '@/components/askFirst';
import { useDownload } from '@/components/useDownload';
import { ButtonLink } from '@/components/links';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { counted } from '@/lib/text';
import { Counts } from './Counts';
import { importQuery, start, undo, works, type ExcelImport, type Shown } from './queries';
import { kindsOf, undecidedOf } from './rowKinds';
import { RowsTable } from './RowsTable';
import { STATES } from './words';

const route = getRouteApi('/shell/settings/excel/import/$id');

export function ImportPage(): ReactNode {
  const { id } = route.useParams();
  const queries = useQueryClient();
  const query = useQuery(importQuery(id));
  const job = query.data;
  const acting = useMutation({
    mutationFn: (act: (id: string) => Promise<ExcelImport>) => act(id),
    onSuccess: (started) => queries.setQueryData(importQuery(id).queryKey, started),
  });
  const { state, counts } = job ?? {};
  const errors = useDownload(`/api/excel/imports/${id}/errors.xlsx`, 'Ошибки загрузки.xlsx');
  const undecided = counts === undefined ? 0 : undecidedOf(counts);

  function askToUndo(): void {
    askFirst({
      title: 'Отменить загрузку?',
      means: 'Созданное удалится, изменённое вернётся. То, что меняли после загрузки, останется как есть.',
      confirm: 'Отменить загрузку',
      cancel: 'Не отменять',
      onConfirm: () => acting.mutate(undo),
    });
  }

  return (
    <Page
      title={job ? `Загрузка: ${job.title}` : 'Загрузка из MS Excel'}
      actions={
        <ButtonLink to="/settings/excel/import" variant="default">
          Все загрузки
        </ButtonLink>
      }
    >
      {query.isError && <ProblemAlert error={query.error} />}
      {query.isPending && <Loading height={300} what="Загрузка открывается" />}
      {job && (
        <Stack gap="lg">
          <Paper withBorder p="lg" maw={860}>
            <Stack gap="md">
              <Text fw={600} role="status">
                {STATES[job.state]}
              </Text>
              {works(job) && <Running job={job} />}
              {job.problem !== '' && (
                <Alert color="red" role="alert" icon={<IconAlertTriangle size={18} aria-hidden />}>
                  {job.problem}
                </Alert>
              )}
              {state !== 'checking' && state !== 'refused' && <Counts job={job} />}
              {job.notes.map((note) => (
                <Alert key={note} color="blue" icon={<IconInfoCircle size={18} aria-hidden />}>
                  {note}
                </Alert>
              ))}
              {job.ignored.length > 0 && (
                <Alert color="orange" icon={<IconAlertTriangle size={18} aria-hidden />}>
                  Столбцов с такими заголовками в шаблоне нет, они не загружаются:{' '}
                  {job.ignored.map((heading) => `«${heading}»`).join(', ')}.
                </Alert>
              )}
              {state === 'checked' && job.counts.same_name > 0 && (
                <Alert color="orange" icon={<IconAlertTriangle size={18} aria-hidden />}>
                  Такие записи уже есть, или строки повторяются:{' '}
                  {counted(job.counts.same_name, 'строка', 'строки', 'строк')}. Записи появятся ещё раз. Чтобы изменить
                  имеющиеся, укажите ID из выгрузки.
                </Alert>
              )}
              {acting.isError && <ProblemAlert error={acting.error} />}
              {state === 'checked' && undecided > 0 && (
                <Alert color="orange" icon={<IconAlertTriangle size={18} aria-hidden />}>
                  Ждут решения: {counted(undecided, 'строка', 'строки', 'строк')}. Без него они не загрузятся.
                </Alert>
              )}
              <Group gap="sm">
                {state === 'checked' && (
                  <Button
                    loading={acting.isPending}
                    disabled={job.counts.create + job.counts.edit + job.counts.decided === 0}
                    onClick={() => acting.mutate(start)}
                  >
                    Импортировать
                  </Button>
                )}
                {hasErrors(job) && (
                  <Button
                    component="a"
                    {...errors.link}
                    loading={errors.loading}
                    variant="default"
                    leftSection={<IconDownload size={17} stroke={1.6} aria-hidden />}
                  >
                    Скачать ошибки
                  </Button>
                )}
                {(state === 'imported' || state === 'failed') && job.counts.created + job.counts.edited > 0 && (
                  <Button variant="default" onClick={askToUndo}>
                    Отменить загрузку
                  </Button>
                )}
              </Group>
            </Stack>
          </Paper>
          {!works(job) && <Rows job={job} />}
        </Stack>
      )}
    </Page>
  );
}

function hasErrors({ state, counts }: ExcelImport): boolean {
  if (state === 'checking' || state === 'refused') return false;
  const undecided = state === 'imported' ? undecidedOf(counts) : 0;
  return counts.refused + counts.failed + counts.not_undone + undecided > 0;
}

function Running({ job }: { readonly job: ExcelImport }): ReactNode {
  const { rows_done: done, rows_total: total } = job;
  const share = total === 0 ? 100 : (100 * done) / total;
  const progress =
    total === 0
      ? `Прочитано: ${counted(done, 'строка', 'строки', 'строк')}`
      : `${done.toLocaleString('ru-RU')} из ${counted(total, 'строки', 'строк', 'строк')}`;
  return (
    <div>
      <Progress.Root size="lg">
        <Progress.Section
          value={share}
          animated={total === 0}
          aria-label={STATES[job.state]}
          aria-valuetext={progress}
        />
      </Progress.Root>
      <Text size="sm" mt={6}>
        {progress}. Страницу можно закрыть: работа продолжится.
      </Text>
    </div>
  );
}

/** Rows of one kind at a time. */
function Rows({ job }: { readonly job: ExcelImport }): ReactNode {
  const offered = kindsOf(job.counts);
  const [chosen, setChosen] = useState<Shown | null>(null);
  const shown = offered.find(({ kind }) => kind === chosen) ?? offered[0];
  if (shown === undefined) return null;
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Какие строки показать"
        style={{ alignSelf: 'flex-start' }}
        value={shown.kind}
        onChange={(kind) => setChosen(kind)}
        data={offered.map(({ kind, title, count }) => ({
          value: kind,
          label: `${title}: ${count.toLocaleString('ru-RU')}`,
        }))}
      />
      <RowsTable key={shown.kind} job={job} shown={shown.kind} total={shown.rows} label={shown.title} />
    </Stack>
  );
}
