/** Reading facts of refusals: whatever their shape, nothing here throws. */
export type Facts = Readonly<Record<string, unknown>>;

export function record(value: unknown): Facts {
  return typeof value === 'object' && value !== null ? (value as Facts) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function nameIn(value: unknown): string {
  return text(record(value).name);
}
