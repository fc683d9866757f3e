/**
 * Phones as people type them: 8 912 345-67-89, +7 (912) 345-67-89, 9123456789; of other countries with + and the country's code, or
 * with what is dialled for it, 8~10 or 00. `aggregates/phones.py` reads them so too (`examples.json`).
 */
import { formatPhone } from '@/lib/text';
import { plainText, type Read, refused, understood } from './read';

const UNREAD = 'Номер из 10 цифр, например +7 912 345-67-89; другой страны – с + и кодом страны';

/** As it is shown: «+7 912 345-67-89», «+375 29 123-45-67». Whether such a number exists, the server knows. */
export function readPhone(text: string): Read<string> {
  const digits = plainText(text)
    .replace(/^тел\.?:? ?/, '')
    .replaceAll('\uff0b', '+')
    .replace(/(^\+[\d ]*)\(0\)/, '$1') // dialled within a country alone
    .replace(/[ ().–—~/-]/g, '');
  if (!/^\+?\d+$/.test(digits)) return refused(UNREAD);
  const abroad = /^(?:\+|00|810(?=\d{9}))([1-9]\d{6,14})$/.exec(digits)?.[1];
  if (abroad !== undefined && !abroad.startsWith('7')) return understood(formatPhone(`+${abroad}`), false);
  const national = /^(?:\+78?|0078?|7(?=\d{10}$)|8(?=\d{10}$))?(\d{10})$/.exec(digits);
  // no code begins with 89 or 79: the number has its 8 or 7, and lacks a digit
  if (national === null || /^[78]9/.test(national[1] ?? '')) {
    const short = digits.replace(/^(\+7|7|8)/, '').length < 10;
    return refused(short ? `Не хватает цифр. ${UNREAD}` : UNREAD);
  }
  return understood(formatPhone(national[1] ?? ''), false);
}
