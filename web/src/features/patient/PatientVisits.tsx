import { Button, Group, Paper, Skeleton, Text, Title } from '@mantine/core';
import { IconClipboardList } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Empty } from '@/components/Empty';
import { TextLink } from '@/components/links';
import { ProblemAlert } from '@/components/ProblemAlert';
import { VisitRows } from '@/entities/visit/VisitRows';
import { useMe } from '@/lib/api/me';
import type { Visit } from '@/lib/api/model';
import { patientVisitsQuery } from '@/entities/visit/queries';
import { counted } from '@/lib/text';
import { clinicNow } from '@/lib/time';

const VISITS_AT_ONCE = 50;
const MOST_VISITS = 200;

function useVisits(id: string, size: number) {
  const now = clinicNow(useMe().clinic.zone);
  const visits = useQuery({ ...patientVisitsQuery(id, 1, size), placeholderData: keepPreviousData });
  const items = visits.data?.items ?? [];
  const coming = items
    .filter(({ ends_at }) => ends_at > now)
    .sort((one, other) => (one.starts_at < other.starts_at ? -1 : 1));
  return { visits, coming, past: items.filter(({ ends_at }) => ends_at <= now) };
}

/** A user who sees only their own schedule is shown their own visits alone: about others the page claims nothing. */
function Coming({ visits }: { visits: readonly Visit[] | undefined }) {
  const ownOnly = useMe().own_schedule_only;
  if (visits === undefined) return <Skeleton h={60} />;
  if (visits.length > 0) return <VisitRows visits={visits} />;
  return (
    <Text c="dimmed" fz="sm">
      {ownOnly ? 'К вам не записан' : 'Никуда не записан'}
    </Text>
  );
}

/** The coming visits beside the card: what the patient most often calls about. */
export function ComingVisits({ id }: { id: string }) {
  const { visits, coming } = useVisits(id, VISITS_AT_ONCE);
  return (
    <Paper withBorder p="md" component="section" aria-label="Предстоящие визиты">
      <Title order={2} mb="xs">
        Предстоящие визиты
      </Title>
      <Coming visits={visits.isPending ? undefined : coming} />
      <ProblemAlert error={visits.error} title="Визиты не загрузились" />
    </Paper>
  );
}

export function PatientVisits({ id }: { id: string }) {
  const ownOnly = useMe().own_schedule_only;
  const [size, setSize] = useState(VISITS_AT_ONCE);
  const { visits, coming, past } = useVisits(id, size);
  const total = visits.data?.total ?? 0;
  const shown = visits.data?.items.length ?? 0;
  return (
    <Paper withBorder p="lg" component="section" aria-label="Визиты">
      <Title order={2} mb="xs">
        Предстоящие визиты
      </Title>
      <Coming visits={visits.isPending ? undefined : coming} />
      <Title order={2} mb="xs" mt="lg">
        Прошедшие визиты
      </Title>
      {visits.isPending ? (
        <Skeleton h={160} />
      ) : past.length === 0 ? (
        <Empty icon={IconClipboardList} title={ownOnly ? 'У вас визитов ещё не было' : 'Визитов ещё не было'} />
      ) : (
        <VisitRows visits={past} />
      )}
      <ProblemAlert error={visits.error} title="Визиты не загрузились" />
      {total > shown && shown < MOST_VISITS && (
        <Group justify="center" mt="sm">
          <Button variant="subtle" onClick={() => setSize(Math.min(MOST_VISITS, total))}>
            Показать {counted(Math.min(MOST_VISITS, total) - shown, 'визит', 'визита', 'визитов')} раньше
          </Button>
        </Group>
      )}
      {total > MOST_VISITS && shown >= MOST_VISITS && (
        <Text fz="sm" c="dimmed" ta="center">
          Остальные — в разделе <TextLink to="/visits">«Визиты»</TextLink>
        </Text>
      )}
    </Paper>
  );
}
