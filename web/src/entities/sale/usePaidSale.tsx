import { modals } from '@mantine/modals';
import { PaidQuestion } from '@/entities/payment/PaidQuestion';
import { record } from '@/lib/api/facts';
import { useMe } from '@/lib/api/me';
import { isProblem } from '@/lib/api/problem';
import { clinicNow } from '@/lib/time';
import { releaseSale } from './queries';

/** Asks what to do with a patient's money where a refusal is that the sale is paid; false for any other refusal. */
export function usePaidSale(): (error: unknown, id: string, confirm: string, again: () => void) => boolean {
  const { rights, clinic } = useMe();
  return (error, id, confirm, again) => {
    if (!isProblem(error, 'sale_paid') || record(error.facts).anonymous !== false || !rights.includes('payments'))
      return false;
    const window = modals.open({
      title: 'Продажа оплачена',
      size: 640,
      children: (
        <PaidQuestion
          sentence={error.message}
          confirm={confirm}
          release={() => releaseSale(id, clinicNow(clinic.zone).slice(0, 16))}
          again={again}
          onFinances={undefined}
          onClose={() => modals.close(window)}
        />
      ),
    });
    return true;
  };
}
