/** Exact decimals, as whole parts of a power of ten. */
import { shortest } from './numbers';

/** A decimal in parts of a power of ten; null for a text that is none. */
export function scaled(text: string, places: number): bigint | null {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  const [, whole = '', part = ''] = match ?? [];
  return match === null || part.length > places ? null : BigInt(whole + part.padEnd(places, '0'));
}

/** Its shortest form. */
export function decimal(parts: bigint, places: number): string {
  const digits = String(parts).padStart(places + 1, '0');
  return shortest(`${digits.slice(0, -places)}.${digits.slice(-places)}`);
}

/** The quotient, half up; both from 0. */
export function divided(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor);
}
