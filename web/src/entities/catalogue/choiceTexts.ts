/** What choices from catalogues share: the option that creates, and how a typed text finds a name. */
import type { ComboboxParsedItem } from '@mantine/core';
import { byWords } from '@/components/fields/byWords';

export const CREATE = 'create';

const plain = (text: string) => text.trim().toLowerCase().replaceAll('ё', 'е');

interface Option {
  value: string;
  label: string;
}

/** The choices and what is chosen already: an entry deleted since is no choice any more, but stays the value. */
export function withKnown(
  choices: readonly { id: string; name: string }[] | undefined,
  known: readonly { id: string; name: string }[],
): Option[] {
  const data = (choices ?? []).map(({ id, name }) => ({ value: id, label: name }));
  for (const { id, name } of known) {
    if (data.some(({ value }) => value === id)) continue;
    data.push({ value: id, label: choices === undefined ? name : `${name} (удалено)` });
  }
  return data;
}

/** «Создать «…»» after them, where what is typed is missing and may be made. */
export function withCreate(data: readonly Option[], text: string, mayCreate: boolean): Option[] {
  const missing = text !== '' && !data.some(({ label }) => plain(label) === plain(text));
  return mayCreate && missing ? [...data, { value: CREATE, label: `Создать «${text}»` }] : [...data];
}

/** Lines by their words, and always the one that creates. */
export function withCreating(found: { options: ComboboxParsedItem[]; search: string }): ComboboxParsedItem[] {
  const creating = found.options.filter((line) => 'value' in line && line.value === CREATE);
  const rest = found.options.filter((line) => !creating.includes(line));
  return [...byWords({ ...found, options: rest }), ...creating];
}
