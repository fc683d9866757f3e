import { beforeEach, expect, test, vi } from 'vitest';

const ORIGIN = 'http://denta.example';
const asked: (string | null)[] = [];

beforeEach(() => {
  asked.length = 0;
  vi.resetModules();
  vi.stubGlobal('window', { location: { origin: ORIGIN } });
});

/** A server whose log ends at this position. */
function serves(last: () => number): void {
  vi.stubGlobal('fetch', (request: Request) => {
    if (request.method === 'POST') {
      return Promise.resolve(Response.json({}, { headers: { 'X-Position': String(last()) } }));
    }
    const position = request.headers.get('X-Position');
    asked.push(position);
    if (Number(position ?? 0) <= last()) return Promise.resolve(Response.json({}));
    const problem = { title: '', status: 409, code: 'position_unknown', facts: {} };
    return Promise.resolve(Response.json(problem, { status: 409 }));
  });
}

test('the position of a database that was set back since is forgotten', async () => {
  const { fetchFromApi } = await import('./client');
  let last = 7;
  serves(() => last);
  await fetchFromApi(new Request(`${ORIGIN}/api/visits`, { method: 'POST', body: '{}' }));
  await fetchFromApi(new Request(`${ORIGIN}/api/me`));
  last = 3;
  expect((await fetchFromApi(new Request(`${ORIGIN}/api/me`))).status).toBe(200);
  await fetchFromApi(new Request(`${ORIGIN}/api/me`));
  expect(asked).toEqual(['7', '7', null, null]);
});
