import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { reportDone, reportProblem } from '@/components/notices';
import { ProblemLinks } from '@/components/ProblemText';
import type { PatientItem } from '@/lib/api/model';
import { refreshPatients, returnPatient } from '@/entities/patient/queries';
import { isProblem } from '@/lib/api/problem';

interface ReturnButtonProps {
  readonly patient: Pick<PatientItem, 'id' | 'version' | 'name' | 'card_number'>;
  readonly variant: 'light' | 'filled';
}

/** «Вернуть»; where somebody else has the card's number by now, asks whether the next free one will do. */
export function ReturnButton({ patient, variant }: ReturnButtonProps) {
  const returning = useMutation({
    mutationFn: (newNumber: boolean) => returnPatient(patient, newNumber),
    onSuccess: async ({ card_number }) => {
      await refreshPatients();
      reportDone(`${patient.name}: карта № ${card_number} снова в списке.`);
    },
    onError: (error) => {
      if (isProblem(error, 'card_number_taken')) return;
      void refreshPatients();
      reportProblem(error, 'Не удалось вернуть карту');
    },
  });
  return (
    <>
      <Button
        size="compact-sm"
        variant={variant}
        aria-label={`Вернуть: ${patient.name}`}
        loading={returning.isPending}
        onClick={() => returning.mutate(false)}
      >
        Вернуть
      </Button>
      <Modal
        opened={isProblem(returning.error, 'card_number_taken')}
        onClose={() => returning.reset()}
        title="Номер карты уже занят"
      >
        <Stack gap="xs" mb="md">
          <Text size="sm">
            Номер {patient.card_number} достался другому пациенту. Вернуть карту со следующим свободным номером?
          </Text>
          <ProblemLinks error={returning.error} />
        </Stack>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => returning.reset()}>
            Отмена
          </Button>
          <Button onClick={() => returning.mutate(true)}>Вернуть с новым номером</Button>
        </Group>
      </Modal>
    </>
  );
}
