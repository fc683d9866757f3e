/**
 * Keys of commands whose outcome is unknown (no answer came, or the server broke down). The same command sent again carries the
 * same key, so that the server carries it out once however often a person clicks.
 */
const unsettled = new Map<string, string>();

/** One line that tells two commands apart: method, address, version and body. */
export function fingerprint(method: string, url: string, ifMatch: string | null, body: string): string {
  return [method, url, ifMatch ?? '', body].join('\n');
}

export function keyOf(command: string): string {
  const known = unsettled.get(command);
  if (known !== undefined) return known;
  const fresh = newKey();
  unsettled.set(command, fresh);
  return fresh;
}

export function settled(command: string): void {
  unsettled.delete(command);
}

/** A random UUID; `crypto.randomUUID` exists on https and localhost only, a clinic's own server may be neither. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
