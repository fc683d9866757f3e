import type { ListColumn } from '@/components/list/ListTable';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { formatMoment } from '@/lib/time';
import type { IncomeLine } from './queries';

type Charged = Pick<IncomeLine, 'visit_id' | 'document' | 'number' | 'starts_at' | 'patient'>;

/** «№ 12» of a visit, «Накладная № 3» of a sale without one, «Возврат № 1» of what came back. */
function called({ document, number }: Charged): string {
  const before = { visit: '', goods_issue: 'Накладная ', customer_return: 'Возврат ' }[document];
  return `${before}№ ${number}`;
}

/** What a row of income is of: when, which visit or sale, whose. */
export const CHARGED_COLUMNS: readonly ListColumn<Charged & { id: string; deleted: boolean }>[] = [
  {
    key: 'starts_at',
    title: 'Дата и время',
    width: 150,
    render: ({ starts_at: at }) => <span className="tabular">{formatMoment(at)}</span>,
    text: ({ starts_at: at }) => formatMoment(at),
  },
  {
    key: 'number',
    title: 'Визит',
    width: 130,
    render: (row) => (
      <ObjectLink type={row.document} id={row.visit_id} inherit>
        {called(row)}
      </ObjectLink>
    ),
    text: called,
  },
  {
    key: 'patient',
    title: 'Пациент',
    render: ({ patient }) =>
      patient !== null && (
        <ObjectLink type="patient" id={patient.id} inherit>
          {patient.name}
        </ObjectLink>
      ),
    text: ({ patient }) => patient?.name ?? '',
  },
];
