import { ObjectLink } from '@/entities/object/ObjectLink';
import { Group, Text } from '@mantine/core';
import type { Visit } from '@/lib/api/model';
import { rubles, shortName } from '@/lib/text';
import { formatDate, formatTime } from '@/lib/time';
import { FirstVisitMark } from './FirstVisitMark';
import { StatusBadge } from './StatusBadge';
import classes from './VisitRows.module.css';

/** Visits of one patient, a row each. */
export function VisitRows({ visits }: { visits: readonly Visit[] }) {
  return (
    <ul className={classes.rows}>
      {visits.map((visit) => (
        <li key={visit.id} className={classes.row} data-deleted={visit.deleted || undefined}>
          <div className={classes.when}>
            <ObjectLink type="visit" id={visit.id} fw={500}>
              {formatDate(visit.starts_at)}, {formatTime(visit.starts_at)}
            </ObjectLink>
            <Text fz="sm" c="dimmed">
              № {visit.number}
            </Text>
          </div>
          <div className={classes.what}>
            <Text truncate>
              {visit.lines.length === 0 ? 'Услуги не указаны' : visit.lines.map(({ name }) => name).join(', ')}
            </Text>
            <Text fz="sm" c="dimmed" truncate>
              {visit.doctor === null ? 'Без врача' : shortName(visit.doctor.name)}
              {visit.lines.length > 0 && ` · ${rubles(visit.total)}`}
            </Text>
          </div>
          <Group gap={6} wrap="nowrap">
            {visit.first_visit && <FirstVisitMark />}
            <StatusBadge status={visit.status} />
          </Group>
        </li>
      ))}
    </ul>
  );
}
