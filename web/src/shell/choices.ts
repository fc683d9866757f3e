import type { AddressedPage } from '@/entities/object/objectPages';
import type { ObjectType } from '@/lib/api/objectTypes';
import type { Found } from './searchQuery';
import type { Section } from './sections';

/** One line of the search: where it leads, and what it is called. */
export interface Choice {
  readonly key: string;
  readonly to: string;
  readonly title: string;
  readonly detail: string;
  readonly group: string;
}

const MOST_RECENT = 8;

/** What was found and has a page. */
export function foundChoices(found: readonly Found[], pages: ReadonlyMap<ObjectType, AddressedPage>): Choice[] {
  return found.flatMap(({ kind, group, id, title, detail }) => {
    const to = pages.get(kind)?.address(id);
    return to === undefined ? [] : [{ key: `${kind}:${id}`, to, title, detail, group }];
  });
}

/** Sections whose titles hold what is typed, or all of them for nothing typed. */
export function sectionChoices(sections: readonly Section[], typed: string): Choice[] {
  const text = typed.trim().toLowerCase().replaceAll('ё', 'е');
  return sections
    .filter(({ title }) => title.toLowerCase().replaceAll('ё', 'е').includes(text))
    .map(({ to, title }) => ({ key: to, to, title, detail: '', group: 'Разделы' }));
}

/** Where the keyboard goes from a line, round the ends. */
export function stepped(at: number, by: 1 | -1, count: number): number {
  return count === 0 ? 0 : (at + by + count) % count;
}

function keyOf(user: string): string {
  return `denta-recent-${user}`;
}

/**
 * What this user chose lately. Kept for the window alone: names of patients don't stay in a browser that several people use.
 */
export function recentChoices(user: string): Choice[] {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(user)) ?? '[]') as Choice[];
  } catch {
    return [];
  }
}

export function keepChoice(user: string, choice: Choice): void {
  const rest = recentChoices(user).filter(({ key }) => key !== choice.key);
  try {
    sessionStorage.setItem(keyOf(user), JSON.stringify([choice, ...rest].slice(0, MOST_RECENT)));
  } catch {
    // without storage there is no list of recent choices
  }
}

export function forgetChoices(user: string): void {
  try {
    sessionStorage.removeItem(keyOf(user));
  } catch {
    // nothing was kept
  }
}
