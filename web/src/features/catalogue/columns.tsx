/** The columns of a catalogue's list, made of its fields. */
import { ColorSwatch, Group, Text } from '@mantine/core';
import { TextLink } from '@/components/links';
import type { ListColumn } from '@/components/list/ListTable';
import type { Catalogue, CatalogueField, Entry } from '@/entities/catalogue/queries';
import { rubles, formatPhone } from '@/lib/text';

export function nameOf({ fields }: Entry): string {
  return String(fields.name);
}

export function columnsOf({ key, fields }: Catalogue): ListColumn<Entry>[] {
  return fields.map((field) => ({
    key: field.name,
    title: field.label,
    sort: field.name,
    optional: !field.shown_by_default,
    ...(field.type === 'money' ? { align: 'right' as const, width: 130 } : {}),
    ...(field.type === 'lines' ? { grow: true } : {}),
    render: field.name === 'name' ? (entry) => nameCell(key, entry) : (entry) => cell(field, entry),
    text: field.name === 'name' ? nameText : (entry) => cellText(field, entry),
  }));
}

function nameText(entry: Entry): string {
  return entry.deleted ? `${nameOf(entry)} (удалено)` : nameOf(entry);
}

function nameCell(key: string, entry: Entry) {
  return (
    <Group gap={8} wrap="nowrap">
      <TextLink
        to="/catalogues/$key/$id"
        params={{ key, id: entry.id }}
        search={true}
        fw={500}
        c={entry.deleted ? 'dimmed' : undefined}
      >
        {nameOf(entry)}
      </TextLink>
      {entry.deleted && <Text size="xs">удалено</Text>}
    </Group>
  );
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
    case 'phone':
      return formatPhone(String(value));
    default:
      return String(value);
  }
}
