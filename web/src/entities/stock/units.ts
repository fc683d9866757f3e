/** The units of goods (of sale, and where it differs, of write-off), and quantities with them, as people say them. */
import { plural } from '@/lib/text';
import { formatNumber } from '@/lib/typed/numbers';
import type { StockGoods, StockUnit } from './queries';

/** The units that every clinic starts with: one, few, many. Others are written as their clinic has named them. */
const FORMS: Readonly<Record<string, readonly [string, string, string]>> = {
  штука: ['штука', 'штуки', 'штук'],
  минута: ['минута', 'минуты', 'минут'],
  процедура: ['процедура', 'процедуры', 'процедур'],
  зуб: ['зуб', 'зуба', 'зубов'],
  миллилитр: ['миллилитр', 'миллилитра', 'миллилитров'],
};

/** A unit behind an exact decimal: «693 штуки», «1,5 миллилитра», «12 уп.». */
export function unitBehind(amount: string, unit: string): string {
  const forms = FORMS[unit.toLowerCase()];
  if (forms === undefined) return unit;
  const whole = /^-?(\d+)(?:\.0*)?$/.exec(amount);
  return whole === null ? forms[1] : plural(Number(whole[1]), ...forms);
}

/** «12,5 штуки», with a real minus. */
export function quantity(amount: string, unit = ''): string {
  const behind = unit === '' ? '' : `\u00a0${unitBehind(amount, unit)}`;
  return `${formatNumber(amount)}${behind}`.replace(/^-/, '−');
}

type Units = Pick<StockGoods, 'sale_unit' | 'write_off_unit' | 'factor'>;

const isSame = ({ sale_unit, write_off_unit }: Units) => write_off_unit === '' || write_off_unit === sale_unit;

export function hasTwoUnits(goods: Units): boolean {
  return goods.write_off_unit !== '' && (!isSame(goods) || Number(goods.factor) !== 1);
}

/** Where both units have one name, that of sale says how many of the other it is. */
export function unitName(goods: Units, unit: StockUnit): string {
  if (unit === 'sale' && hasTwoUnits(goods) && isSame(goods))
    return `${goods.sale_unit} × ${formatNumber(goods.factor)}`;
  return unit === 'sale' || goods.write_off_unit === '' ? goods.sale_unit : goods.write_off_unit;
}
