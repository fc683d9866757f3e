import { Button, Group, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { askFirst } from '@/components/askFirst';
import { reportProblem } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import type { Visit, VisitStatus } from '@/lib/api/model';
import { nameIn, record } from '@/lib/api/facts';
import { isProblem, type Problem } from '@/lib/api/problem';
import { refreshVisits, setVisitStatus } from './queries';
import { askPast } from './askPast';
import { STATUS_ORDER, STATUSES } from './status';
import { usePaidVisit } from './usePaidVisit';
import { StatusBadge } from './StatusBadge';

/** What usually comes next gets a button of its own, the rest stands in the menu. */
const NEXT: Partial<Record<VisitStatus, VisitStatus[]>> = {
  planned: ['confirmed', 'arrived'],
  confirmed: ['arrived', 'in_progress'],
  arrived: ['in_progress'],
  in_progress: ['completed'],
};

/** Of what there is too little, and where. */
function missing({ facts }: Problem): string {
  const { goods, warehouse } = record(facts.shortage);
  return `Не хватает: ${nameIn(goods)} (${nameIn(warehouse)})`;
}

export function StatusActions({ visit }: { visit: Visit }) {
  const isStillHere = useStillHere();
  const askWhenPaid = usePaidVisit(visit);
  const change = useMutation({
    mutationFn: (status: VisitStatus) =>
      askPast((accepted) => setVisitStatus(visit, status, accepted), 'Всё равно отметить', isStillHere),
    onSuccess: refreshVisits,
    onError: (error, status) => {
      if (askWhenPaid(error, 'Оставить авансом и отменить визит', () => change.mutate(status))) return;
      reportProblem(error, isProblem(error, 'goods_missing') ? missing(error) : 'Статус не изменён');
      if (isProblem(error, 'version_moved')) void refreshVisits();
    },
  });
  const give = (status: VisitStatus) => {
    if (status !== 'cancelled') {
      change.mutate(status);
      return;
    }
    askFirst({
      title: 'Отменить визит?',
      means: `Визит № ${visit.number} (${visit.patient.name}) останется в истории, время врача освободится.`,
      confirm: 'Отменить визит',
      cancel: 'Не отменять',
      onConfirm: () => change.mutate(status),
    });
  };
  const allowed = STATUS_ORDER.filter((status) => visit.allowed_statuses.includes(status));
  const next = (NEXT[visit.status] ?? []).filter((status) => allowed.includes(status));
  const rest = allowed.filter((status) => !next.includes(status));

  return (
    <Group gap="xs" wrap="wrap">
      <StatusBadge status={visit.status} />
      {next.map((status, index) => {
        const { action, icon: Icon } = STATUSES[status];
        return (
          <Button
            key={status}
            size="compact-sm"
            variant={index === 0 ? 'light' : 'default'}
            leftSection={<Icon size={15} stroke={1.8} aria-hidden />}
            disabled={change.isPending}
            onClick={() => give(status)}
          >
            {action}
          </Button>
        );
      })}
      {rest.length > 0 && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="default"
              rightSection={<IconChevronDown size={14} aria-hidden />}
              disabled={change.isPending}
            >
              {next.length > 0 ? 'Ещё' : 'Изменить статус'}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map((status) => {
              const { action, icon: Icon } = STATUSES[status];
              return (
                <Menu.Item key={status} leftSection={<Icon size={16} stroke={1.7} />} onClick={() => give(status)}>
                  {action}
                </Menu.Item>
              );
            })}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}
