/** Warnings about services (see `aggregates/clinic/service_warnings.py`). */
import { ScrollArea } from '@mantine/core';
import { askingPast, type WarningView } from '@/components/askPast';
import { ConflictingVisits } from '@/entities/visit/ConflictingVisits';
import { readVisit } from '@/entities/visit/conflicts';
import { type Facts, list } from '@/lib/api/facts';

const TALL = 320;

/** Coming visits that a service is taken from, those that the person may see. */
function ComingVisits({ facts }: { readonly facts: Facts }) {
  const visits = list(facts.visits).map((one) => readVisit(one, ''));
  if (visits.length === 0) return null;
  return (
    <ScrollArea.Autosize mah={TALL} type="auto" mt="xs" viewportProps={{ tabIndex: 0 }}>
      <ConflictingVisits visits={visits} label="Предстоящие визиты" newTab />
    </ScrollArea.Autosize>
  );
}

const OF_VISITS: WarningView = { Details: ComingVisits, wide: (facts) => list(facts.visits).length > 0 };

export const askPast = askingPast({ service_taken: OF_VISITS, service_deleted: OF_VISITS });
