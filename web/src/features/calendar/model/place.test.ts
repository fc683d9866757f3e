import { describe, expect, it } from 'vitest';
import { formatMove } from './place';

const place = (day: string, start: string, end: string, doctor: string | null) => ({
  doctor: doctor === null ? null : { id: doctor, name: doctor },
  starts_at: `${day}T${start}:00`,
  ends_at: `${day}T${end}:00`,
});

describe('a notice of a move', () => {
  it('names the day, the time and the doctor, and what of them was otherwise', () => {
    const before = place('2026-12-07', '10:00', '10:40', 'Орлова');
    expect(formatMove(before, place('2026-12-07', '12:20', '13:00', 'Орлова'), '2026-11-29')).toBe(
      'понедельник, 7 декабря, 12:20–13:00, Орлова (было: 10:00–10:40)',
    );
    expect(formatMove(before, place('2026-12-08', '10:00', '10:40', null), '2026-11-29')).toBe(
      'вторник, 8 декабря, 10:00–10:40, без врача (было: понедельник, 7 декабря, Орлова)',
    );
  });

  it('names the year that isn’t this one', () => {
    const before = place('2026-12-31', '10:00', '10:40', 'Орлова');
    expect(formatMove(before, place('2027-01-02', '10:00', '10:40', 'Орлова'), '2026-12-30')).toBe(
      'суббота, 2 января 2027, 10:00–10:40, Орлова (было: четверг, 31 декабря)',
    );
  });
});
