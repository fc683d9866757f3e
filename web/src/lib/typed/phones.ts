/** Phones as people type them: 8 912 345-67-89, +7 (912) 345-67-89, 9123456789; of other countries with + and the country's code. */
import { sayPhone } from '@/lib/text';
import { plainText, type Read, refused, understood } from './read';

const UNREAD = 'Номер из 10 цифр, например +7 912 345-67-89; другой страны – с + и кодом страны';

/** As it is shown: «+7 912 345-67-89», «+375 29 123-45-67». Whether such a number exists, the server knows. */
export function readPhone(text: string): Read<string> {
  const digits = plainText(text)
    .replace(/^тел\.?:? ?/, '')
    .replace(/[ ().–-]/g, '');
  if (!/^\+?\d+$/.test(digits)) return refused(UNREAD);
  const foreign = /^\+(?!7)[1-9]\d{7,14}$/.test(digits);
  if (foreign) return understood(sayPhone(digits), false);
  const national = /^(?:\+7|7(?=\d{10}$)|8(?=\d{10}$))?(\d{10})$/.exec(digits);
  // no code begins with 89 or 79: the number has its 8 or 7, and lacks a digit
  if (national === null || /^[78]9/.test(national[1] ?? '')) {
    const short = digits.replace(/^(\+7|7|8)/, '').length < 10;
    return refused(short ? `Не хватает цифр. ${UNREAD}` : UNREAD);
  }
  return understood(sayPhone(national[1] ?? ''), false);
}
