/** The columns of a catalogue's list, made of its fields. */
import { ColorSwatch } from '@mantine/core';
import { TextLink } from '@/components/links';
import type { ListColumn } from '@/components/list/ListTable';
import { nameColumn } from '@/components/list/nameColumn';
import type { Catalogue, CatalogueField, Entry } from '@/entities/catalogue/queries';
import { rubles, formatPhone } from '@/lib/text';

export function nameOf({ fields }: Entry): string {
  return String(fields.name);
}

export function columnsOf({ key, fields }: Catalogue): ListColumn<Entry>[] {
  return fields.map((field) => {
    const column = {
      key: field.name,
      title: field.label,
      sort: field.name,
      optional: !field.shown_by_default,
      ...(field.type === 'money' ? { align: 'right' as const, width: 130 } : {}),
      ...(field.type === 'lines' ? { grow: true } : {}),
    };
    return field.name === 'name'
      ? nameColumn({
          ...column,
          nameOf,
          deletedWord: 'удалено',
          link: ({ id }, look) => <TextLink to="/catalogues/$key/$id" params={{ key, id }} search={true} {...look} />,
        })
      : { ...column, render: (entry) => cell(field, entry), text: (entry) => cellText(field, entry) };
  });
}

function cell(field: CatalogueField, entry: Entry) {
  const value = entry.fields[field.name];
  if (field.type === 'money') return <span className="tabular">{rubles(String(value))}</span>;
  if (field.type === 'color' && value !== '')
    return <ColorSwatch size={16} color={String(value)} title={String(value)} />;
  return cellText(field, entry);
}

/** A value as plain text. */
function cellText({ name, type, choices }: CatalogueField, { fields, names }: Entry): string {
  const value = fields[name];
  if (value === null || value === undefined || value === '') return '';
  switch (type) {
    case 'flag':
      return value === true ? 'да' : '';
    case 'reference':
      return names[name] ?? '';
    case 'choice':
      return choices[String(value)] ?? String(value);
    case 'money':
    case 'factor':
      return String(value).replace('.', ',');
    case 'percent':
      return `${String(value).replace('.', ',')} %`;
    case 'phone':
      return formatPhone(String(value));
    default:
      return String(value);
  }
}
