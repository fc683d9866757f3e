import { Button, Group, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ProblemAlert } from '@/components/ProblemAlert';
import { refreshPayments, releasePayments } from '@/entities/payment/queries';
import { allows, CARDS, useMe } from '@/lib/api/me';
import type { Visit } from '@/lib/api/model';
import { isProblem } from '@/lib/api/problem';
import { clinicNow } from '@/lib/time';

/** Asks what to do with the money where a refusal is that the visit is paid; false for any other refusal. */
export function usePaidVisit(visit: Visit): (error: unknown, confirm: string, again: () => void) => boolean {
  const { rights, clinic } = useMe();
  const navigate = useNavigate();
  return (error, confirm, again) => {
    if (!isProblem(error, 'visit_paid')) return false;
    const finances = () =>
      void navigate({ to: '/patients/$id', params: { id: visit.patient.id }, search: { tab: 'finances' } });
    const seesFinances = allows(rights, CARDS) && allows(rights, ['patient_finances', 'payments']);
    const id = modals.open({
      title: `Визит № ${visit.number} оплачен`,
      size: 640,
      children: (
        <PaidVisit
          sentence={error.message}
          confirm={confirm}
          release={
            rights.includes('payments')
              ? () => releasePayments(visit.id, clinicNow(clinic.zone).slice(0, 16))
              : undefined
          }
          again={again}
          onFinances={seesFinances ? finances : undefined}
          onClose={() => modals.close(id)}
        />
      ),
    });
    return true;
  };
}

interface PaidVisitProps {
  readonly sentence: string;
  readonly confirm: string;
  /** Undefined without the right to do so. */
  readonly release: (() => Promise<unknown>) | undefined;
  readonly again: () => void;
  readonly onFinances: (() => void) | undefined;
  readonly onClose: () => void;
}

function PaidVisit({ sentence, confirm, release, again, onFinances, onClose }: PaidVisitProps): ReactNode {
  const releasing = useMutation({
    mutationFn: () => release?.() ?? Promise.resolve(),
    onSuccess: async () => {
      await refreshPayments();
      onClose();
      again();
    },
  });
  return (
    <Stack gap="md">
      <Text fz="sm">{sentence}</Text>
      <ProblemAlert error={releasing.error} title="Оставить авансом не получилось" />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Отмена
        </Button>
        {onFinances !== undefined && (
          <Button
            variant="default"
            onClick={() => {
              onClose();
              onFinances();
            }}
          >
            К финансам пациента
          </Button>
        )}
        {release !== undefined && (
          <Button color="red" loading={releasing.isPending} onClick={() => releasing.mutate()}>
            {confirm}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
