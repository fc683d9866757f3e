import { PaperMenu } from '@/components/papers';
import type { Visit } from '@/lib/api/model';
import { occupies } from './status';

const PAPERS = {
  bill: 'Счёт на оплату',
  act: 'Акт об оказании услуг',
  issue: 'Расходная накладная',
  checklist: 'Чек-лист',
};

/** What can be printed of a visit; the patient's slip while the visit is to come. */
export function VisitPapers({ visit }: { visit: Visit }) {
  const at = (kind: string) => `/api/visits/${visit.id}/papers/${kind}`;
  const comes = occupies(visit.status) && !['in_progress', 'completed'].includes(visit.status);
  const papers = Object.entries(PAPERS).map(([kind, label]) => ({ label, address: at(kind) }));
  const slip = { label: 'Памятка о записи', address: at('slip') };
  return <PaperMenu size="compact-sm" papers={comes ? [slip, ...papers] : papers} />;
}
