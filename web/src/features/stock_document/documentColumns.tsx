/** The columns of a list of stock documents, made of the fields of their head. */
import { TextLink } from '@/components/links';
import type { ListColumn } from '@/components/list/ListTable';
import type { CatalogueField } from '@/entities/catalogue/queries';
import type { StockDocumentItem, StockKind } from '@/entities/stock/queries';
import { rubles } from '@/lib/text';
import { formatMoment } from '@/lib/time';
import { headFields } from './documentDraft';
import { StateBadge, stateOf } from './StateBadge';

type Column = ListColumn<StockDocumentItem>;

export function documentColumns(kind: StockKind): Column[] {
  return [
    {
      key: 'number',
      title: '№',
      sort: 'number',
      width: 80,
      render: ({ id, number, deleted }) => (
        <TextLink
          to="/stock/$kind/$id"
          params={{ kind: kind.key, id }}
          className="tabular"
          fw={500}
          c={deleted ? 'dimmed' : undefined}
        >
          {number}
        </TextLink>
      ),
      text: ({ number }) => String(number),
    },
    {
      key: 'moment',
      title: 'Дата и время',
      sort: 'moment',
      width: 150,
      render: (document) => <span className="tabular">{momentOf(document)}</span>,
      text: momentOf,
    },
    ...headFields(kind).map(columnOf),
    {
      key: 'lines',
      title: 'Строк',
      width: 80,
      align: 'right',
      render: ({ line_count }) => line_count,
      text: ({ line_count }) => String(line_count),
    },
    ...(kind.priced ? [TOTAL] : []),
    {
      key: 'state',
      title: 'Состояние',
      width: 140,
      render: (document) => <StateBadge document={document} />,
      text: stateOf,
    },
  ];
}

const TOTAL: Column = {
  key: 'total',
  title: 'Сумма',
  sort: 'total',
  width: 140,
  align: 'right',
  render: ({ total }) => <span className="tabular">{rubles(total ?? 0)}</span>,
  text: ({ total }) => (total ?? '').replace('.', ','),
};

function momentOf({ fields }: StockDocumentItem): string {
  return formatMoment(String(fields.moment));
}

function columnOf({ name, label, type, shown_by_default: byDefault }: CatalogueField): Column {
  const text = ({ fields, names }: StockDocumentItem) =>
    type === 'reference' ? (names[name] ?? '') : String(fields[name] ?? '');
  return { key: name, title: label, optional: !byDefault, grow: true, render: text, text };
}
