import { describe, expect, it } from 'vitest';
import { formatBirthDate } from '@/lib/text';
import { type DateRules, type Leaning, readBirthDate, readDate, readPeriod } from './dates';

/** A Sunday. */
const TODAY = '2026-11-29';

function meant(text: string, leaning: Leaning = 'coming', today = TODAY): string | null {
  const read = readDate(text, { today, leaning });
  return read.ok ? read.value : null;
}

function reason(text: string, rules: Partial<DateRules> = {}): string | null {
  const read = readDate(text, { today: TODAY, leaning: 'coming', ...rules });
  return read.ok ? null : read.reason;
}

describe('until when something is good', () => {
  it.each([
    ['05.2028', '2028-05-31'],
    ['2/2028', '2028-02-29'],
    ['12 2027', '2027-12-31'],
    ['2028-05', '2028-05-31'],
    ['12.27', '2027-12-31'],
    ['2/28', '2028-02-29'],
    ['12.2027', '2027-12-31'],
    ['31.12.27', '2027-12-31'],
    ['5.12', '2026-12-05'],
    ['15.05.2028', '2028-05-15'],
  ])('%s is %s', (text, day) => {
    expect(readDate(text, { today: TODAY, leaning: 'coming', monthsEnd: true })).toMatchObject({ value: day });
  });

  it('isn’t a month in other fields', () => {
    expect(reason('05.2028')).not.toBeNull();
    expect(reason('05.28')).not.toBeNull();
    expect(reason('13.2028', { monthsEnd: true })).not.toBeNull();
  });
});

describe('a date', () => {
  it.each([
    '1.12.2026',
    '01.12.2026',
    '1.12.26',
    '1.12',
    '01.12',
    '1.12.',
    '1/12',
    '1/12/2026',
    '1-12',
    '1-12-26',
    '1,12',
    '1 12',
    '1 12 2026',
    ' 1 . 12 . 2026 ',
    '0112',
    '011226',
    '01122026',
    '2026-12-01',
    '1.12.2026 г.',
    '1.12.2026г',
    '1 декабря',
    '1 дек',
    '1 дек.',
    '1дек',
    '1 ДЕКАБРЯ 2026 года',
    '1 декабря 26',
    '1\u00a0декабря\u00a02026\u00a0г.',
    'вторник',
    'вт',
    'Во вторник',
    'вт, 1.12',
    'вторник, 1 декабря 2026',
    'через 2 дня',
    'послезавтра',
  ])('is read from «%s»', (text) => {
    expect(meant(text)).toBe('2026-12-01');
  });

  it.each([
    ['сегодня', '2026-11-29'],
    ['Завтра', '2026-11-30'],
    [' завтра. ', '2026-11-30'],
    ['вчера', '2026-11-28'],
    ['позавчера', '2026-11-27'],
    ['через неделю', '2026-12-06'],
    ['через 3 недели', '2026-12-20'],
    ['через 10 дней', '2026-12-09'],
    ['5 мая', '2027-05-05'],
    ['1 июля', '2027-07-01'],
    ['1 июня', '2027-06-01'],
    ['2 февр', '2027-02-02'],
    ['29.02.2028', '2028-02-29'],
    ['290228', '2028-02-29'],
  ])('«%s» is %s', (text, date) => {
    expect(meant(text)).toBe(date);
  });

  it.each([
    ['понедельник', '2026-11-30'],
    ['пн', '2026-11-30'],
    ['среду', '2026-12-02'],
    ['в чт', '2026-12-03'],
    ['пятницу', '2026-12-04'],
    ['сб.', '2026-12-05'],
    ['вс', '2026-12-06'], // on a Sunday: the next one
  ])('«%s» is the next such day', (text, date) => {
    expect(meant(text)).toBe(date);
  });

  it('looks back where only the past can be meant', () => {
    expect([meant('пт', 'past'), meant('вс', 'past'), meant('1.12', 'past'), meant('29.11', 'past')]).toEqual([
      '2026-11-27',
      '2026-11-22',
      '2025-12-01',
      '2026-11-29',
    ]);
  });

  it.each([
    '',
    '5',
    '12',
    '512',
    '51226',
    '0512202',
    '31.11.2026',
    '31.11',
    '3111',
    '31112026',
    '29.02.2027',
    '29.02',
    '32.01',
    '0.12',
    '12/25/2026',
    '1.13',
    '00.00.0000',
    '1.12.202',
    '1.12.20266',
    '1.12.0112',
    '1.12.1812',
    '1.12.2999',
    '1-5.12',
    '1.5-12',
    '2026-02-30',
    'через',
    'скоро',
    'декабрь',
    '5 ма', // марта or мая
    '5 ию',
    'понедельник 1.12', // a Tuesday
    '1.12 10:00',
    '1.12.2026 и 2.12.2026',
    'Invalid date',
  ])('is not guessed from «%s»', (text) => {
    expect(meant(text)).toBeNull();
  });

  it('says why not', () => {
    expect(reason('31.11')).toBe('31.11 – такого дня нет');
    expect(reason('29.02.2027')).toBe('29.02.2027 – такого дня нет');
    expect(reason('29.02')).toContain('укажите год');
    expect(reason('пн, 1.12')).toBe('01.12.2026 – вторник');
    expect(reason('когда-нибудь')).toContain('Например: 5.12');
    expect(reason('завтра', { max: TODAY })).toBe('Не позже 29.11.2026');
    expect(reason('вчера', { min: TODAY })).toBe('Не раньше 29.11.2026');
    expect(reason('5.12', { leaning: 'named' })).toBe('Укажите и год');
  });

  it('without a year lies ahead when booking, unless it has just passed', () => {
    expect([meant('28.11'), meant('29.10'), meant('28.10'), meant('15.01')]).toEqual([
      '2026-11-28',
      '2026-10-29',
      '2027-10-28',
      '2027-01-15',
    ]);
    expect(meant('28.12', 'coming', '2027-01-03')).toBe('2026-12-28');
    expect(meant('29.02', 'coming', '2027-03-20')).toBe('2028-02-29');
    expect(meant('29.02', 'coming', '2028-02-29')).toBe('2028-02-29');
  });

  it('without a year is of this one in settings and periods', () => {
    expect([meant('15.01', 'this-year'), meant('31.12', 'this-year')]).toEqual(['2026-01-15', '2026-12-31']);
    expect(meant('29.02', 'this-year')).toBeNull();
  });

  it('of two digits is 20гг when booking, and never ahead where the past is meant', () => {
    expect([meant('5.12.26'), meant('5.12.87'), meant('5.12.87', 'named'), meant('5.12.26', 'named')]).toEqual([
      '2026-12-05',
      '2087-12-05',
      '1987-12-05',
      '1926-12-05',
    ]);
    expect(meant('29.11.26', 'past')).toBe('2026-11-29');
  });

  it('is whole when nothing more could be typed', () => {
    const whole = (text: string) => {
      const read = readDate(text, { today: TODAY, leaning: 'coming' });
      return read.ok && read.whole;
    };
    expect(['1.1', '1.12', '1.12.20', '0112', '011220', 'пн', 'завтра'].map(whole)).toEqual(Array(7).fill(false));
    expect(['1.12.2026', '01122026', '2026-12-01'].map(whole)).toEqual(Array(3).fill(true));
  });
});

describe('a birth date', () => {
  const born = (text: string) => {
    const read = readBirthDate(text, TODAY);
    return read.ok ? read.value : null;
  };

  it.each([
    ['12051987', '1987-05-12'],
    ['120587', '1987-05-12'],
    ['12.05.1987', '1987-05-12'],
    ['12.5.87', '1987-05-12'],
    ['12/05/1987', '1987-05-12'],
    ['12 05 1987', '1987-05-12'],
    ['12,05,1987', '1987-05-12'],
    ['12 мая 1987', '1987-05-12'],
    ['12 мая 1987 г.', '1987-05-12'],
    ['12.05.1987 г.р.', '1987-05-12'],
    ['1987-05-12', '1987-05-12'],
    ['05.1987', '1987-05'],
    ['5.1987', '1987-05'],
    ['051987', '1987-05'],
    ['май 1987', '1987-05'],
    ['1987', '1987'],
    ['2011', '2011'],
    ['12.05', '--05-12'],
    ['12 мая', '--05-12'],
    ['29.02', '--02-29'],
    ['01.12.04', '2004-12-01'],
    ['011204', '2004-12-01'],
    ['29.11.26', '2026-11-29'],
    ['30.11.26', '1926-11-30'],
    ['29.02.00', '2000-02-29'],
  ])('«%s» is %s', (text, stored) => {
    expect(born(text)).toBe(stored);
  });

  it.each([
    '31.02.1999',
    '29.02.1999',
    '13.1999',
    '131999',
    'вчера',
    '1205',
    '1889',
    '2027',
    '12.2026',
    '30.11.2026',
    '1205198',
    '120519877',
    '12.05.198',
    '99',
    'нет',
  ])('is not guessed from «%s»', (text) => {
    expect(born(text)).toBeNull();
  });
});

describe('a stored birth date', () => {
  it.each(['1999', '1999-01', '1999-01-15', '--01-15', '--02-29'])('%s is read back from what is shown', (stored) => {
    expect(readBirthDate(formatBirthDate(stored), TODAY)).toMatchObject({ value: stored });
  });
});

describe('a period', () => {
  const meantDays = (text: string, today = TODAY) => {
    const read = readPeriod(text, { today, leaning: 'this-year' });
    return read.ok ? `${read.value.from} ${read.value.to}` : null;
  };

  it.each([
    '1.12.2026 – 14.12.2026',
    '1.12–14.12',
    '2026-12-01–2026-12-14',
    '1.12 - 14.12',
    '1.12-14.12',
    '01.12.26-14.12.26',
    '1.12 — 14.12.2026',
    'с 1.12 по 14.12',
    'с 1 по 14 декабря',
    '1–14.12',
    '1-14.12',
    '1.12..14.12',
    '0112-1412',
    '1 декабря – 14 декабря',
  ])('is read from «%s»', (text) => {
    expect(meantDays(text)).toBe('2026-12-01 2026-12-14');
  });

  it.each([
    ['5.12', '2026-12-05 2026-12-05'],
    ['сегодня', '2026-11-29 2026-11-29'],
    ['сегодня – завтра', '2026-11-29 2026-11-30'],
    ['декабрь', '2026-12-01 2026-12-31'],
    ['февраль 2028', '2028-02-01 2028-02-29'],
    ['12.2026', '2026-12-01 2026-12-31'],
    ['2026', '2026-01-01 2026-12-31'],
    ['28.12 – 10.01', '2026-12-28 2027-01-10'],
    ['28.12 – 10.01.2027', '2026-12-28 2027-01-10'],
  ])('«%s» is %s', (text, days) => {
    expect(meantDays(text)).toBe(days);
  });

  it.each([
    '',
    '1-12',
    '14.12.2026 – 1.12.2026',
    '4.12 – 30.11',
    '4.12 – 30.11.2026',
    '31.11 – 5.12',
    '1.12 –',
    '– 5.12',
    '13.2026',
    'всегда',
    '1.12 2.12',
    '31 – 5.11',
  ])('is not guessed from «%s»', (text) => {
    expect(meantDays(text)).toBeNull();
  });
});
