import type { ComboboxItem, ComboboxParsedItem } from '@mantine/core';
import { nameKey } from '@/lib/text';

/** Of a long list as many are drawn while something is typed, in each group: what is typed next finds the others. */
const MOST_FOUND = 100;

/** Lines that have every typed word somewhere. */
export function byWords({ options, search }: { options: ComboboxParsedItem[]; search: string }): ComboboxParsedItem[] {
  const words = nameKey(search).split(' ');
  const most = search === '' ? Infinity : MOST_FOUND;
  let alone = 0;
  const found = (item: ComboboxItem) => words.every((word) => nameKey(item.label).includes(word));
  return options.flatMap((one): ComboboxParsedItem[] => {
    if (!('group' in one)) return alone < most && found(one) && ++alone > 0 ? [one] : [];
    const items = one.items.filter((item) => found(item)).slice(0, most);
    return items.length > 0 ? [{ ...one, items }] : [];
  });
}
