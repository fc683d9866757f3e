/** The Russian form of a noun after a number: plural(3, 'визит', 'визита', 'визитов') → «визита». */
export function plural(count: number, one: string, few: string, many: string): string {
  const tens = Math.abs(count) % 100;
  const ones = tens % 10;
  if (tens > 10 && tens < 20) return many;
  if (ones === 1) return one;
  return ones > 1 && ones < 5 ? few : many;
}

export function counted(count: number, one: string, few: string, many: string): string {
  return `${count.toLocaleString('ru-RU')} ${plural(count, one, few, many)}`;
}

/** Money as the API tells it (an exact decimal text) → «1 250 ₽», kopecks only where there are any. */
export function rubles(amount: string | number): string {
  const [whole = '0', part = ''] = String(amount).split('.');
  const kopecks = part.padEnd(2, '0').slice(0, 2);
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, '\u00a0');
  return `${grouped}${kopecks === '00' ? '' : `,${kopecks}`}\u00a0₽`;
}

/** Kopecks of an exact decimal text; sums run on whole kopecks, never on fractions. */
export function kopecks(amount: string | number): number {
  const [whole = '0', part = ''] = String(amount).split('.');
  const sign = whole.startsWith('-') ? -1 : 1;
  return Number(whole) * 100 + sign * Number(part.padEnd(2, '0').slice(0, 2));
}

export function fromKopecks(sum: number): string {
  const sign = sum < 0 ? '-' : '';
  const rest = Math.abs(sum);
  return `${sign}${Math.floor(rest / 100)}.${String(rest % 100).padStart(2, '0')}`;
}

const NEAR_BY = /^(\+(?:37[45]|380|99[2-8]))(\d{1,2})(\d{3})(\d{2})(\d{2})$/;

/** «+7 912 345-67-89» of a stored number, «+375 29 123-45-67» of the countries near by; anything else is shown as it is. */
export function formatPhone(phone: string): string {
  const abroad = NEAR_BY.exec(phone);
  if (abroad !== null) {
    const [, country = '', code = '', ...rest] = abroad;
    return `${country} ${code} ${rest.join('-')}`;
  }
  const match = /^(?:\+?7|8)?(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(phone.replace(/[\s()-]/g, ''));
  return match === null ? phone : `+7 ${match[1] ?? ''} ${match[2] ?? ''}-${match[3] ?? ''}-${match[4] ?? ''}`;
}

/** A partial birth date as it is stored (1999, 1999-01, 1999-01-15, --01-15) → as people write it; anything else as it is. */
export function formatBirthDate(stored: string): string {
  if (!isBirthDate(stored)) return stored;
  const yearless = /^--(\d{2})-(\d{2})$/.exec(stored);
  if (yearless !== null) return `${yearless[2] ?? ''}.${yearless[1] ?? ''}`;
  return stored.split('-').reverse().join('.');
}

/** Whether a text is a birth date in stored form, whole or in part. */
export function isBirthDate(text: string): boolean {
  return /^(\d{4}(-\d{2}(-\d{2})?)?|--\d{2}-\d{2})$/.test(text);
}

/** Without the empty ones. */
export function filled(parts: readonly string[]): string[] {
  return parts.filter((part) => part !== '');
}

export function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

/** «112-233-445 95» of a stored СНИЛС; anything else is shown as it is. */
export function formatSnils(stored: string): string {
  const match = /^(\d{3})(\d{3})(\d{3})(\d{2})$/.exec(stored);
  return match === null ? stored : `${match[1] ?? ''}-${match[2] ?? ''}-${match[3] ?? ''} ${match[4] ?? ''}`;
}

/** What two writings of one name have in common, as the server compares them. */
export function nameKey(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase().replaceAll('ё', 'е');
}

/** «Иванова М. П.» of «Иванова Мария Петровна». */
export function shortName(name: string): string {
  const [family = '', ...given] = name.trim().split(/\s+/);
  return [family, ...given.map((part) => `${part.charAt(0)}.`)].join(' ');
}

export function initials(name: string): string {
  const [first = '', second = ''] = name.trim().split(/\s+/);
  return (first.charAt(0) + second.charAt(0)).toUpperCase();
}

/** With a capital letter at its start. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A sentence that goes on after a colon. */
export function uncapital(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
