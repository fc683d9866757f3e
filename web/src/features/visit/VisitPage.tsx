import { ButtonLink } from '@/components/links';
import { Paper, Skeleton, Stack } from '@mantine/core';
import { IconCalendarEvent } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { VisitEditor } from '@/entities/visit/VisitEditor';
import { VisitHead } from '@/entities/visit/VisitHead';
import { allows, CARDS, useMe, useRight } from '@/lib/api/me';
import { useRecordedPrint } from '@/lib/api/accessLog';
import { visitQuery } from '@/entities/visit/queries';
import { VisitFiles } from '@/entities/visit_file/VisitFiles';
import { DocumentLines } from './document/DocumentLines';
import { dateOf } from '@/lib/time';

export function VisitPage() {
  const { id } = useParams({ from: '/shell/visits/$id' });
  const { data: visit, error } = useQuery(visitQuery(id));
  useRecordedPrint(visit === undefined ? null : { objectType: 'visit', patientId: visit.patient.id });
  const mayList = useRight('visits');
  const seesFiles = allows(useMe().rights, CARDS);

  return (
    <Page
      title={visit === undefined ? 'Визит' : `Визит № ${visit.number}`}
      heading={visit === undefined && error === null ? <Skeleton h={26} w={160} /> : undefined}
      actions={
        <>
          {mayList && (
            <ButtonLink to="/visits" variant="default">
              К списку
            </ButtonLink>
          )}
          {visit !== undefined && (
            <ButtonLink
              to="/calendar"
              search={{ date: dateOf(visit.starts_at), visit: visit.deleted ? undefined : visit.id }}
              variant="light"
              leftSection={<IconCalendarEvent size={17} stroke={1.7} aria-hidden />}
            >
              В расписании
            </ButtonLink>
          )}
        </>
      }
    >
      <ProblemAlert error={error} title="Визит не открылся" />
      {visit === undefined ? (
        error === null && (
          <Stack gap="md" maw={1080} role="status" aria-busy="true" aria-label="Загрузка визита">
            <Skeleton h={110} />
            <Skeleton h={320} />
          </Stack>
        )
      ) : (
        <Stack gap="md" maw={1080}>
          <Paper withBorder p="lg">
            <VisitHead visit={visit} />
          </Paper>
          <Paper withBorder p="lg">
            <VisitEditor key={visit.id} visit={visit} lines={(fields) => <DocumentLines {...fields} />} />
          </Paper>
          {seesFiles && (
            <Paper withBorder p="lg">
              <VisitFiles key={visit.id} visit={visit} />
            </Paper>
          )}
        </Stack>
      )}
    </Page>
  );
}
