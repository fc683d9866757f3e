/** Amounts and numbers as people type and paste them: «1 500,50 ₽», 1500.5, «40 мин». */
import { plainText, type Read, refused, understood } from './read';

export interface NumberRules {
  /** How many digits may follow the comma. */
  readonly decimals: number;
  readonly min?: number;
  readonly max?: number;
  /** What may stand after the number: «₽», «мин». */
  readonly unit?: string | undefined;
}

const UNITS: Readonly<Record<string, RegExp>> = {
  '₽': / ?(₽|руб(лей|ля|ль)?\.?|р\.?)$/,
  мин: / ?м(ин(ут[аы]?)?)?\.?$/,
};

/** An exact decimal text in its shortest form: «1500.5». Only spaces between thousands; either comma or point. */
export function readNumber(text: string, rules: NumberRules): Read<string> {
  const { decimals, min = 0, max, unit } = rules;
  const plain = withoutUnit(plainText(text), unit);
  const match = /^(-?)(\d+|\d{1,3}(?: \d{3})+)(?:[.,](\d+))?$/.exec(plain) ?? grouped(plain);
  if (match === null) return refused(decimals === 0 ? 'Укажите целое число' : unreadable(rules));
  const [, sign = '', whole = '', part = ''] = match;
  if (part.length > decimals)
    return refused(decimals === 0 ? 'Укажите целое число' : `Не больше ${decimals} знаков после запятой`);
  const digits = whole.replaceAll(' ', '').replace(/^0+(?=\d)/, '');
  const value = shortest(`${sign}${digits}${part === '' ? '' : `.${part}`}`);
  if (Number(value) < min)
    return refused(min === 0 ? 'Не меньше нуля' : min < 1 ? unreadable(rules) : `Не меньше ${min}`);
  if (max !== undefined && Number(value) > max) return refused(`Не больше ${max.toLocaleString('ru-RU')}`);
  return understood(value, true);
}

/** «1500 руб 50 коп» is 1500,50; «₽ 1500» and «1500 р.» are 1500. */
function withoutUnit(plain: string, unit: string | undefined): string {
  if (unit !== '₽') return plain.replace(UNITS[unit ?? ''] ?? /$^/, '');
  const match = /^([\d ]+?) ?(?:₽|руб(?:лей|ля|ль)?\.?|р\.?) ?(\d{2}) ?к(?:оп(?:еек|ейки|ейка)?)?\.?$/.exec(plain);
  return match === null ? plain.replace(/^₽ ?/, '').replace(UNITS['₽'] ?? /$^/, '') : `${match[1]},${match[2]}`;
}

const unreadable = ({ min = 0 }: NumberRules) =>
  min > 0 && min < 1 ? 'Укажите число больше нуля, например 10 или 0,5' : 'Укажите число, например 1500,50';

/** «1,500.50» and «1.500,50»: two different marks, of which the first parts thousands; so does the apostrophe of «1'500». */
function grouped(plain: string): RegExpExecArray | null {
  const parts = [/^-?\d{1,3}(?:,\d{3})+\.\d+$/, /^-?\d{1,3}(?:\.\d{3})+,\d+$/, /^-?\d{1,3}(?:'\d{3})+(?:[.,]\d+)?$/];
  if (!parts.some((way) => way.test(plain))) return null;
  const mark = plain.replace(/[-\d]/g, '').charAt(0);
  return /^(-?)(\d+)(?:[.,](\d+))?$/.exec(plain.replaceAll(mark, ''));
}

/** A stored decimal («1500.50») in the one form in which a form compares it: «1500.5». */
export function shortest(stored: string): string {
  return stored.includes('.') ? stored.replace(/\.?0*$/, '') : stored;
}

/** An exact decimal («1500.5») as people write it: «1 500,5», a sum «1 500,50»; anything else as it is. */
export function formatNumber(stored: string, unit?: string): string {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(shortest(stored));
  if (match === null) return stored;
  const [, whole = '', part = ''] = match;
  const shown = whole.replace(/\B(?=(\d{3})+(?!\d))/g, '\u00a0');
  return part === '' ? shown : `${shown},${unit === '₽' ? part.padEnd(2, '0') : part}`;
}
