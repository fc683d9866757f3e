import { expect, test, vi } from 'vitest';
import { invalidateOlder, queryClient } from './queries';

test('what was asked before a change that no message named is asked again, and nothing else', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const asked: string[] = [];
  const ask = (name: string, models: readonly ('calendar' | 'patients')[]) =>
    queryClient.query({
      queryKey: [name],
      queryFn: () => {
        asked.push(name);
        return name;
      },
      meta: { models },
    });
  vi.advanceTimersByTime(1000);
  await ask('visits', ['calendar']);
  await ask('card', ['patients']);
  vi.advanceTimersByTime(1000);
  await ask('later visits', ['calendar', 'patients']);
  vi.advanceTimersByTime(1000);

  invalidateOlder({ calendar: 1.5, patients: 2.5, me: 0.1 });

  const stale = queryClient
    .getQueryCache()
    .findAll({ stale: true })
    .map(({ queryKey }) => queryKey[0]);
  expect(stale).toEqual(['visits']);
  expect(asked).toEqual(['visits', 'card', 'later visits']);
  vi.useRealTimers();
});
