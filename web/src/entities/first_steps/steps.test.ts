import { describe, expect, it } from 'vitest';
import { type FirstSteps, nextStep } from './steps';

const SUNDAY = '2026-11-29';
const READY: FirstSteps = { done: ['clinic', 'hours', 'staff', 'services'], working_day: SUNDAY };

describe('the step to the first booking', () => {
  it('leads to today while somebody works', () => {
    expect(nextStep(READY, SUNDAY)?.link).toEqual({ to: '/calendar' });
  });
  it('leads to the next working day and names it where nobody works today', () => {
    const step = nextStep({ ...READY, working_day: '2026-11-30' }, SUNDAY);
    expect(step?.link).toEqual({ to: '/calendar', search: { date: '2026-11-30' } });
    expect(step?.why).toContain('ближайший рабочий день – понедельник, 30 ноября');
  });
  it('leads to the hours where nobody works at all', () => {
    expect(nextStep({ ...READY, working_day: null }, SUNDAY)?.link).toEqual({ to: '/settings/hours' });
  });
});
