/** Warnings about visits (see `aggregates/scheduling/visit_warnings.py`). */
import { askingPast } from '@/components/askPast';
import { Shortages } from '@/entities/stock/askPast';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { type Facts, nameIn } from '@/lib/api/facts';
import { format, formatTime } from '@/lib/time';
import { readVisit } from './conflicts';

/** The other visit; nothing where the person may not see it. */
function OtherVisit({ facts }: { readonly facts: Facts }) {
  const { id, starts_at: start, ends_at: end, patient, doctor } = readVisit(facts.visit, '');
  if (id === '') return null;
  return (
    <>
      {' '}
      <ObjectLink type="visit" id={id} newTab underline="always" inherit>
        {format(start, 'dddd, D MMMM YYYY')}, {formatTime(start)}–{formatTime(end)}, {patient},{' '}
        {doctor === '' ? 'без врача' : doctor}
      </ObjectLink>
    </>
  );
}

function Doctor({ facts }: { readonly facts: Facts }) {
  return ` (${nameIn(facts.doctor)})`;
}

export const askPast = askingPast({
  patient_busy: { Details: OtherVisit },
  room_taken: { Details: OtherVisit },
  service_not_given: { Details: Doctor },
  stock_short: { Details: Shortages },
});
