import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';

/** What may be known before anybody is signed in. Asked again until there is a clinic, so that the page notices its opening. */
export const entranceQuery = queryOptions({
  queryKey: ['entrance'],
  queryFn: ({ signal }) => answer(api.GET('/api/entrance', { signal })),
  refetchInterval: ({ state }) => (state.data?.clinic_opened === false ? 5000 : false),
});
