/**
 * What people type into a field, read by one parser per kind: dates, clock times, phones, numbers. A text that isn't understood, or
 * could mean two things, is refused with a reason; nothing is ever turned into something else.
 */
export type Read<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Nothing typed after it could make it mean something else. */
      readonly whole: boolean;
    }
  | Refused;

export interface Refused {
  readonly ok: false;
  readonly reason: string;
}

export function understood<T>(value: T, whole: boolean): Read<T> {
  return { ok: true, value, whole };
}

export function refused(reason: string): Refused {
  return { ok: false, reason };
}

/** All that people paste for a hyphen, as `HYPHENS` in aggregates/values.py. */
export const HYPHENS = /[-‐‑‒–—―−⁃﹘﹣－]/g;

/** Lower case, ordinary spaces and hyphens, no spaces at the ends: what differs by habit and pasting alone. Dashes part periods, and stay. */
export function plainText(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[\s\u00a0\u2007\u2009\u202f]+/g, ' ')
    .replace(HYPHENS, (mark) => (mark === '–' || mark === '—' ? mark : '-'))
    .trim();
}
