/** Tabs of the card beside the card itself; the one that is open stands in the address. */
export type Tab = 'visits' | 'finances' | 'papers' | 'history';

export function isTab(value: unknown): value is Tab {
  return value === 'visits' || value === 'finances' || value === 'papers' || value === 'history';
}
