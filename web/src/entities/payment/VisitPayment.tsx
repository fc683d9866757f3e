import { Button, Group, Skeleton, Text } from '@mantine/core';
import { IconCash, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useMe } from '@/lib/api/me';
import type { Visit } from '@/lib/api/model';
import { fromKopecks, kopecks, rubles } from '@/lib/text';
import { PaymentDialog } from './PaymentDialog';
import { accountQuery } from './queries';

/** What of a visit is paid and what is due, with the button that takes it; nothing without a right to patients' money. */
export function VisitPayment({ visit }: { readonly visit: Visit }): ReactNode {
  const { rights } = useMe();
  const mayPay = rights.includes('payments');
  const [paying, setPaying] = useState<'visit' | 'debt' | null>(null);
  const sees = mayPay || rights.includes('patient_finances');
  const account = useQuery({ ...accountQuery(visit.patient.id), enabled: sees });
  if (!sees || account.isError) return null;
  if (account.data === undefined) return <Skeleton h={26} w={240} />;
  const known = account.data.visits;
  const paid = kopecks(known.find(({ id }) => id === visit.id)?.paid ?? 0);
  const gone = visit.deleted || visit.status === 'cancelled' || visit.status === 'no_show';
  const due = gone ? 0 : Math.max(0, kopecks(visit.total) - paid);
  const owed = known
    .filter(({ id, status }) => id !== visit.id && status === 'completed')
    .reduce((total, one) => total + kopecks(one.due), 0);
  if (due === 0 && paid === 0 && owed === 0) return null;
  const free = kopecks(account.data.free);
  const beside = [
    ...(due > 0 && paid > 0 ? [`оплачено ${money(paid)}`] : []),
    ...(owed > 0 ? [`долг за другие визиты ${money(owed)}`] : []),
    ...(due > 0 && free > 0 ? [`есть аванс ${money(free)}`] : []),
  ];
  return (
    <Group gap="sm" role="group" aria-label="Оплата визита">
      {due > 0 && <Text fw={600}>К оплате {money(due)}</Text>}
      {due === 0 && paid > 0 && (
        <Group gap={4} c="var(--status-completed-text)">
          <IconCheck size={17} stroke={1.8} aria-hidden />
          <Text fw={600}>Оплачено {money(paid)}</Text>
        </Group>
      )}
      {beside.length > 0 && (
        <Text fz="sm" c="dimmed">
          {beside.join(' · ')}
        </Text>
      )}
      {mayPay && (due > 0 || owed > 0) && (
        <Button
          size="compact-sm"
          variant={visit.status === 'completed' && due > 0 ? 'filled' : 'light'}
          leftSection={<IconCash size={15} stroke={1.8} aria-hidden />}
          onClick={() => setPaying(due > 0 ? 'visit' : 'debt')}
        >
          {due > 0 ? 'Оплатить' : 'Принять оплату'}
        </Button>
      )}
      {paying !== null && (
        <PaymentDialog
          patient={visit.patient}
          visit={paying === 'visit' ? visit : undefined}
          onClose={() => setPaying(null)}
        />
      )}
    </Group>
  );
}

const money = (sum: number) => rubles(fromKopecks(sum));
