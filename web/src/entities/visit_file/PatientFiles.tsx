import { Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { TextLink } from '@/components/links';
import { Pages } from '@/components/Pages';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useRight } from '@/lib/api/me';
import { formatMoment } from '@/lib/time';
import { FileTiles } from './FileTiles';
import { type PatientFile, patientFilesQuery } from './queries';

const AT_ONCE = 60;

/** The files of all visits of a patient, those of the latest visit first; they are changed in their visits. */
export function PatientFiles({ id }: { id: string }) {
  const mayOpen = useRight('calendar');
  const [page, setPage] = useState(1);
  const files = useQuery({ ...patientFilesQuery(id, page, AT_ONCE), placeholderData: keepPreviousData });
  const visits = new Map<string, PatientFile[]>();
  for (const file of files.data?.items ?? []) visits.set(file.visit_id, [...(visits.get(file.visit_id) ?? []), file]);
  return (
    <Paper withBorder p="lg" component="section" aria-label="Файлы визитов">
      <Title order={2} mb="xs">
        Файлы визитов
      </Title>
      {files.isPending ? (
        <Skeleton h={120} />
      ) : (
        visits.size === 0 &&
        !files.isError && (
          <Text fz="sm" c="dimmed">
            Снимков и других файлов ещё нет. Их прикрепляют в визите.
          </Text>
        )
      )}
      <Stack gap="md">
        {[...visits.values()].map((ofVisit) => (
          <OfVisit key={ofVisit[0]?.visit_id} files={ofVisit} linked={mayOpen} />
        ))}
      </Stack>
      <ProblemAlert error={files.error} title="Файлы не загрузились" />
      <Pages page={page} of={Math.ceil((files.data?.total ?? 0) / AT_ONCE)} onChange={setPage} />
    </Paper>
  );
}

function OfVisit({ files, linked }: { files: readonly PatientFile[]; linked: boolean }) {
  const [first] = files;
  if (first === undefined) return null;
  const title = `${formatMoment(first.visit_starts_at)}, визит № ${String(first.visit_number)}`;
  return (
    <div>
      <Title order={3} mb={6} fz="sm">
        {linked ? (
          <TextLink to="/visits/$id" params={{ id: first.visit_id }} inherit>
            {title}
          </TextLink>
        ) : (
          title
        )}
        {first.visit_deleted && ' (удалён)'}
      </Title>
      <FileTiles label={`Файлы: ${title}`} files={files} />
    </div>
  );
}
