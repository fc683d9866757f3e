import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const PC = Date.parse('2026-11-26T09:00:00Z');
const SERVER = '2026-11-29T12:00:00.000+00:00';

/** A PC whose clock is three days slow, and the page's own count. */
let count = 0;

async function clock() {
  vi.resetModules();
  return import('./clock');
}

beforeEach(() => {
  count = 1000;
  vi.useFakeTimers({ now: PC, toFake: ['Date'] });
  vi.spyOn(performance, 'now').mockImplementation(() => count);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('the present', () => {
  it('is the server’s as soon as it has answered, whatever the PC’s clock says or does', async () => {
    const { measure, pcClockAhead, serverTime } = await clock();
    expect(pcClockAhead()).toBeNull();
    measure(SERVER, 900, 1000);
    expect(serverTime().toISOString()).toBe('2026-11-29T12:00:00.050Z');
    vi.setSystemTime(PC + 3_600_000);
    count += 60_000;
    expect(serverTime().toISOString()).toBe('2026-11-29T12:01:00.050Z');
    expect(pcClockAhead()).toBe(PC + 3_600_000 - Date.parse('2026-11-29T12:01:00.050Z'));
  });

  it('isn’t shaken by a slow answer that agrees, and taken afresh from one that contradicts', async () => {
    const { measure, serverTime } = await clock();
    measure(SERVER, 990, 1000);
    const fine = serverTime().getTime();
    count += 6000;
    measure('2026-11-29T12:00:05.000Z', 3000, 7000);
    expect(serverTime().getTime()).toBe(fine + 6000);
    // the machine slept for two hours, in which the page's count stood still
    measure('2026-11-29T14:00:06.000Z', 6900, 7000);
    expect(serverTime().toISOString()).toBe('2026-11-29T14:00:06.050Z');
  });

  it('is left alone by an answer that tells no time', async () => {
    const { measure, serverTime } = await clock();
    measure(SERVER, 990, 1000);
    const before = serverTime().getTime();
    measure(null, 1000, 1000);
    measure('soon', 1000, 1000);
    expect(serverTime().getTime()).toBe(before);
  });

  it('shows by the PC’s clock that the machine slept', async () => {
    const { pcClockJump } = await clock();
    count += 1000;
    vi.setSystemTime(PC + 1000);
    expect(pcClockJump()).toBe(0);
    count += 1000;
    vi.setSystemTime(PC + 3_600_000);
    expect(pcClockJump()).toBe(3_598_000);
    expect(pcClockJump()).toBe(0);
  });
});
