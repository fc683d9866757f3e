import { modals } from '@mantine/modals';
import { useNavigate } from '@tanstack/react-router';
import { PaidQuestion } from '@/entities/payment/PaidQuestion';
import { releasePayments } from '@/entities/payment/queries';
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
        <PaidQuestion
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
