import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';
import { useToday } from '@/components/fields/useToday';
import { formatAge } from './age';
import { useMe } from '@/lib/api/me';
import { patientBriefQuery } from './queries';
import { rubles } from '@/lib/text';
import { formatDate, formatTime } from '@/lib/time';
import { Remark } from './Remark';

interface BriefVisit {
  starts_at: string;
  doctor: { name: string } | null;
}

function formatVisit({ starts_at, doctor }: BriefVisit): string {
  return `${formatDate(starts_at)} ${formatTime(starts_at)}${doctor === null ? '' : `, ${doctor.name}`}`;
}

interface PatientBriefProps {
  id: string;
  /** The visit beside which it stands: neither their last nor their next one. */
  beside?: string;
}

/** Who the patient is, where a visit is booked or shown, by the right to it: what may harm them is seen first. */
export const PatientBrief = memo(function PatientBrief({ id, beside }: PatientBriefProps) {
  const me = useMe();
  const today = useToday();
  const { data } = useQuery({ ...patientBriefQuery(id, beside), retry: false });
  if (data?.visible !== true) return null;
  const toWhom = me.own_schedule_only ? ' к вам' : ''; // of others' visits nothing is claimed
  const facts = [
    formatAge(data.birth_date, today),
    data.last_visit === null
      ? `${me.own_schedule_only ? 'у вас ' : ''}${beside === undefined ? 'ещё не был(а)' : 'прежде не был(а)'}`
      : `последний визит${toWhom}: ${formatVisit(data.last_visit)}`,
    data.next_visit === null ? null : `следующий${toWhom}: ${formatVisit(data.next_visit)}`,
    data.cancelled > 0 ? `отмен: ${data.cancelled}` : null,
    data.no_shows > 0 ? `неявок: ${data.no_shows}` : null,
    Number(data.debt ?? 0) > 0 ? `долг ${rubles(data.debt ?? '')}` : null,
    Number(data.prepayment ?? 0) > 0 ? `аванс ${rubles(data.prepayment ?? '')}` : null,
  ].filter((fact) => fact !== null);
  return (
    <Stack gap={6} role="group" aria-label="О пациенте">
      {data.comments.map((comment) => (
        <Remark key={comment} text={comment} />
      ))}
      <Text fz="sm" c="dimmed">
        {facts.join(' · ')}
      </Text>
    </Stack>
  );
});
