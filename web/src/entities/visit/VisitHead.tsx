import { ObjectLink } from '@/entities/object/ObjectLink';
import { PhoneLink } from '@/components/PhoneLink';
import { Group, Stack, Text } from '@mantine/core';
import { IconPhone } from '@tabler/icons-react';
import { useToday } from '@/components/fields/useToday';
import { allows, CARDS, useMe } from '@/lib/api/me';
import type { VisitCard } from '@/lib/api/model';
import { minutesBetween, formatDay, formatDuration, formatTime } from '@/lib/time';
import { CategoryMarks } from '@/entities/patient/CategoryMarks';
import { VisitFilesLink } from '@/entities/visit_file/VisitFilesLink';
import { VisitPayment } from '@/entities/payment/VisitPayment';
import { FirstVisitMark } from './FirstVisitMark';
import { StatusActions } from './StatusActions';
import { VisitPapers } from './VisitPapers';

/** Who comes when to whom, and what to do next. */
export function VisitHead({ visit }: { visit: VisitCard }) {
  const today = useToday();
  const { rights } = useMe();
  return (
    <Stack gap="sm">
      <div>
        <Group gap="xs" align="center">
          <Text fz="lg" fw={600}>
            <ObjectLink type="patient" id={visit.patient.id} inherit c="var(--mantine-color-text)">
              {visit.patient.name}
            </ObjectLink>
          </Text>
          {visit.first_visit && <FirstVisitMark />}
          <CategoryMarks categories={visit.patient_categories} />
        </Group>
        <Group gap="md" mt={2}>
          {visit.patient.phone !== '' && (
            <PhoneLink
              phone={visit.patient.phone}
              py={3}
              style={{ display: 'inline-flex', gap: 4, alignItems: 'center' }}
              icon={<IconPhone size={15} stroke={1.8} aria-hidden />}
            />
          )}
          <Text fz="sm" c="dimmed">
            {rights.includes('patient_info')
              ? `Карта ${visit.patient.card_number}`
              : allows(rights, CARDS)
                ? 'Телефон – в карте пациента'
                : 'Телефон и карту открывает право «Показывать информацию о пациенте в визите»'}
          </Text>
        </Group>
      </div>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text fz="sm">
          {formatDay(visit.starts_at, today)}, {formatTime(visit.starts_at)}–{formatTime(visit.ends_at)}
          <Text span c="dimmed">
            {` · ${formatDuration(minutesBetween(visit.starts_at, visit.ends_at))} · ${visit.doctor?.name ?? 'без врача'}`}
          </Text>
        </Text>
        <Group gap={4} wrap="nowrap">
          <VisitFilesLink visit={visit.id} />
          <VisitPapers visit={visit} />
        </Group>
      </Group>
      {!visit.deleted && <StatusActions visit={visit} />}
      <VisitPayment visit={visit} />
    </Stack>
  );
}
