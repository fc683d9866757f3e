import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { TextLink } from '@/components/links';
import { reportDone, reportProblem } from '@/components/notices';
import { useRight } from '@/lib/api/me';
import type { Patient } from '@/lib/api/model';
import { differencesQuery, patientQuery, refreshPatients, unmergePatients } from '@/entities/patient/queries';
import { queryClient } from '@/lib/api/queries';

/** What a part says otherwise than the surviving card: it stays visible here. */
function PartDifferences({ survivor, part }: { survivor: string; part: string }) {
  const { data } = useQuery(differencesQuery(survivor, part));
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Text fz="sm" style={{ flexBasis: '100%', whiteSpace: 'pre-line' }}>
      {'В ней иначе: '}
      {data.items
        .map(({ title, other }) => {
          const values = other.map(({ label, value }) => (label === '' ? value : `${label.toLowerCase()} ${value}`));
          return `${title} – ${values.join(', ')}`;
        })
        .join('; ')}
    </Text>
  );
}

/** What other cards of the same person there are, and how to part them. */
export function MergedBanner({ patient }: { patient: Patient }) {
  const may = useRight('patients');
  const unmerging = useMutation({
    mutationFn: async ({ survivor, part }: { survivor: string; part: string }) =>
      unmergePatients(survivor === patient.id ? patient : await queryClient.query(patientQuery(survivor)), part),
    onSuccess: async () => {
      await refreshPatients();
      reportDone('Карты разъединены: у каждой снова свои визиты.');
    },
    onError: (error) => {
      void refreshPatients();
      reportProblem(error, 'Разъединить не получилось');
    },
  });
  const part = (survivor: string, other: string, label: string) =>
    may && (
      <Button
        size="compact-sm"
        variant="default"
        aria-label={label}
        loading={unmerging.isPending && unmerging.variables.part === other}
        onClick={() => unmerging.mutate({ survivor, part: other })}
      >
        Разъединить
      </Button>
    );
  const into = patient.merged_into;
  if (into !== null) {
    return (
      <Alert color="gray" mb="md" title="Карта объединена с другой">
        <Group gap="sm">
          <span>
            Визиты и запись — в карте № {into.card_number}:{' '}
            <TextLink to="/patients/$id" params={{ id: into.id }} underline="always">
              {into.name}
            </TextLink>
          </span>
          {part(into.id, patient.id, `Разъединить с картой № ${into.card_number}`)}
        </Group>
      </Alert>
    );
  }
  if (patient.absorbed.length === 0) return null;
  return (
    <Alert color="gray" mb="md" title="К этой карте присоединены">
      {patient.absorbed.map((other) => (
        <Group key={other.id} gap="sm" mt={4}>
          <TextLink to="/patients/$id" params={{ id: other.id }} underline="always">
            № {other.card_number}, {other.name}
          </TextLink>
          {!patient.deleted && part(patient.id, other.id, `Разъединить с картой № ${other.card_number}`)}
          {may && <PartDifferences survivor={patient.id} part={other.id} />}
        </Group>
      ))}
    </Alert>
  );
}
