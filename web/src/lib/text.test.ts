import { describe, expect, it } from 'vitest';
import { counted, fromKopecks, kopecks, rubles, formatBirthDate, formatPhone, shortName } from './text';

describe('texts that people read', () => {
  it('counts in Russian', () => {
    const visits = (count: number) => counted(count, 'визит', 'визита', 'визитов');
    expect([1, 2, 5, 11, 21, 112].map(visits)).toEqual([
      '1 визит',
      '2 визита',
      '5 визитов',
      '11 визитов',
      '21 визит',
      '112 визитов',
    ]);
  });

  it('keeps money exact', () => {
    expect(fromKopecks(kopecks('24500.50') + kopecks('0.1'))).toBe('24500.60');
    expect(fromKopecks(kopecks('-0.05'))).toBe('-0.05');
    expect([rubles('24500.50'), rubles('1000'), rubles('7.1')]).toEqual([
      '24\u00a0500,50\u00a0₽',
      '1\u00a0000\u00a0₽',
      '7,10\u00a0₽',
    ]);
  });

  it('shows phones alike and leaves what is no phone', () => {
    expect(['+79123456789', '89123456789', '9123456789'].map(formatPhone)).toEqual(Array(3).fill('+7 912 345-67-89'));
    expect(formatPhone('доб. 12')).toBe('доб. 12');
    expect(['+375291234567', '+37368012345', '+12125551234'].map(formatPhone)).toEqual([
      '+375 29 123-45-67',
      '+37368012345',
      '+12125551234',
    ]);
  });

  it('shows partial birth dates, and leaves what is none', () => {
    expect(['', '1999', '1999-01', '1999-01-15', '--01-15', '15-01'].map(formatBirthDate)).toEqual([
      '',
      '1999',
      '01.1999',
      '15.01.1999',
      '15.01',
      '15-01',
    ]);
  });

  it('shortens names', () => {
    expect([shortName('Иванова Мария Петровна'), shortName('Ким')]).toEqual(['Иванова М. П.', 'Ким']);
  });
});
