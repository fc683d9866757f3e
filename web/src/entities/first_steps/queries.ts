import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';

export const firstStepsQuery = queryOptions({
  queryKey: ['first-steps'],
  queryFn: ({ signal }) => answer(api.GET('/api/first-steps', { signal })),
  staleTime: 60_000,
  meta: {
    models: ['settings', 'schedule_versions', 'employees', 'services', 'calendar', 'working_weeks', 'working_days'],
  },
});
