import { useMe } from '@/lib/api/me';
import { usePrinting } from '@/lib/printing';
import { clinicNow, formatMoment } from '@/lib/time';

/** On paper alone: whose paper it is, who printed it and when. */
export function PaperLine() {
  const me = useMe();
  if (!usePrinting()) return null;
  return (
    <div className="only-paper">
      {me.clinic.name} · напечатано {formatMoment(clinicNow(me.clinic.zone))}, {me.name}
    </div>
  );
}
