import { Group, Portal, Stack, Text } from '@mantine/core';
import { type RefObject, useEffect, useId, useLayoutEffect } from 'react';
import { PatientBrief } from '@/entities/patient/PatientBrief';
import { patientHint } from '@/entities/patient/patientChoice';
import { Remark } from '@/entities/patient/Remark';
import { FirstVisitMark } from '@/entities/visit/FirstVisitMark';
import { StatusBadge } from '@/entities/visit/StatusBadge';
import type { Visit } from '@/lib/api/model';
import { useStore } from '@/lib/store';
import { filled } from '@/lib/text';
import { formatTime } from '@/lib/time';
import { cardPlace } from '../model/cardPlace';
import type { Column } from '../model/columns';
import classes from './PointedVisit.module.css';
import type { Pointed, PointedStore } from './useVisitPointing';

interface PointedVisitProps {
  store: PointedStore;
  columns: readonly Column[];
  card: RefObject<HTMLDivElement | null>;
}

/** The card of the visit that is pointed at: whom it is about comes first, and what may harm them. */
export function PointedVisit({ store, columns, card }: PointedVisitProps) {
  const pointed = useStore(store);
  const visit =
    pointed === null ? undefined : columns.flatMap(({ visits }) => visits).find((one) => one.id === pointed.visit);
  if (pointed === null || visit === undefined) return null;
  return (
    <Portal>
      <VisitCard key={visit.id} visit={visit} pointed={pointed} card={card} />
    </Portal>
  );
}

interface VisitCardProps {
  visit: Visit;
  pointed: Pointed;
  card: RefObject<HTMLDivElement | null>;
}

function VisitCard({ visit, pointed, card }: VisitCardProps) {
  const id = useId();
  const { block, box, x } = pointed;

  useEffect(() => {
    block.setAttribute('aria-describedby', id);
    return () => block.removeAttribute('aria-describedby');
  }, [id, block]);

  // its height comes with what is fetched
  useLayoutEffect(() => {
    const shown = card.current;
    if (shown === null) return undefined;
    const place = () => {
      const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
      const { left, top } = cardPlace(box, { width: shown.offsetWidth, height: shown.offsetHeight }, view, x);
      shown.style.left = `${left}px`;
      shown.style.top = `${top}px`;
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(shown);
    return () => observer.disconnect();
  }, [card, box, x]);

  const { patient } = visit;
  const hint = patientHint(patient);
  const services = visit.lines.map(({ name }) => name).join(', ');
  return (
    <div ref={card} id={id} role="tooltip" className={classes.card}>
      <Stack gap={8}>
        <Group gap={8} justify="space-between">
          <Text fz="sm" fw={600} className="tabular">
            {formatTime(visit.starts_at)}–{formatTime(visit.ends_at)}
          </Text>
          <StatusBadge status={visit.status} />
        </Group>
        <div>
          <Group gap={8}>
            <Text fw={600}>{patient.name}</Text>
            {visit.first_visit && <FirstVisitMark />}
          </Group>
          {hint !== '' && (
            <Text fz="sm" c="dimmed" className="tabular">
              {hint}
            </Text>
          )}
        </div>
        <PatientBrief id={patient.id} beside={visit.id} />
        {(services !== '' || visit.room !== '') && (
          <Text fz="sm">{filled([services, visit.room === '' ? '' : `кабинет ${visit.room}`]).join(' · ')}</Text>
        )}
        {visit.comment !== '' && <Remark text={visit.comment} about="К визиту" />}
      </Stack>
    </div>
  );
}
