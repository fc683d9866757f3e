/** The columns of a list of money documents, made of the fields of their head. */
import { Mark } from '@/components/Mark';
import type { ListColumn } from '@/components/list/ListTable';
import { MoneyLink, ofPatient } from '@/entities/money/MoneyLink';
import { PARTIES } from './moneyDraft';
import type { MoneyDocumentItem, MoneyKind } from '@/entities/money/queries';
import { rubles } from '@/lib/text';
import { formatMoment } from '@/lib/time';

type Column = ListColumn<MoneyDocumentItem>;

export function moneyColumns(kind: MoneyKind): Column[] {
  const parties = kind.fields.filter(({ name }) => PARTIES.includes(name));
  const desks = kind.fields.filter(({ refers_to: to }) => to === 'cash_desk');
  return [
    {
      key: 'number',
      title: '№',
      sort: 'number',
      width: kind.direction === null ? 80 : 165,
      render: (row) => (
        <>
          <MoneyLink
            kind={row.kind}
            id={row.id}
            patient={row.fields.patient_id ? String(row.fields.patient_id) : null}
            className="tabular"
            fw={500}
            c={row.deleted ? 'dimmed' : undefined}
          >
            {titleOf(row)}
          </MoneyLink>
          {row.deleted && <Mark like="planned">удалён</Mark>}
        </>
      ),
      text: titleOf,
    },
    {
      key: 'moment',
      title: 'Дата и время',
      sort: 'moment',
      width: 150,
      render: (document) => <span className="tabular">{momentOf(document)}</span>,
      text: momentOf,
    },
    ...desks.map(({ name, label }): Column => {
      const text = ({ names }: MoneyDocumentItem) => names[name] ?? '';
      return { key: name, title: label, width: 170, render: text, text };
    }),
    ...(parties.length === 0 ? [] : [partyColumn(kind)]),
    ...(kind.direction === null ? [] : [ARTICLES]),
    {
      key: 'total',
      title: 'Сумма',
      sort: 'total',
      width: 140,
      align: 'right',
      render: ({ total }) => <span className="tabular">{rubles(total)}</span>,
      text: ({ total }) => total.replace('.', ','),
    },
    {
      key: 'comment',
      title: 'Комментарий',
      optional: kind.direction !== null,
      grow: true,
      render: commentOf,
      text: commentOf,
    },
    {
      key: 'author',
      title: 'Автор',
      optional: true,
      width: 200,
      render: ({ author }) => author,
      text: ({ author }) => author,
    },
  ];
}

/** Documents of the kind itself have their number alone. */
function titleOf({ kind, title, number }: MoneyDocumentItem): string {
  return ofPatient(kind) ? title : String(number);
}

function partyColumn(kind: MoneyKind): Column {
  const text = ({ names }: MoneyDocumentItem) => PARTIES.map((name) => names[name] ?? '').join('');
  return {
    key: 'party',
    title: kind.direction === 'income' ? 'Плательщик' : 'Получатель',
    grow: true,
    render: text,
    text,
  };
}

const ARTICLES: Column = {
  key: 'articles',
  title: 'Статьи',
  grow: true,
  render: ({ articles }) => articles.join(', '),
  text: ({ articles }) => articles.join(', '),
};

function commentOf({ kind, fields }: MoneyDocumentItem): string {
  if (kind === 'certificate') return ''; // it is its title
  return String(fields.comment ?? '');
}

function momentOf({ fields }: MoneyDocumentItem): string {
  return formatMoment(String(fields.moment));
}
