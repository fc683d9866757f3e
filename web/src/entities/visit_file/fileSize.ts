const KILO = 1000;

/** «84 КБ», «2,4 МБ». */
export function fileSize(bytes: number): string {
  const kilo = bytes / KILO;
  if (kilo < KILO) return `${String(Math.max(1, Math.ceil(kilo)))}\u00a0КБ`;
  return `${(kilo / KILO).toLocaleString('ru-RU', { maximumFractionDigits: 1 })}\u00a0МБ`;
}
