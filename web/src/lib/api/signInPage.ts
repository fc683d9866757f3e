import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';

/** What may be known before anybody is signed in. Asked again until there is a clinic, so that the page notices its opening. */
export const signInPageQuery = queryOptions({
  queryKey: ['sign-in-page'],
  queryFn: ({ signal }) => answer(api.GET('/api/sign-in-page', { signal })),
  refetchInterval: ({ state }) => (state.data?.clinic_opened === false ? 5000 : false),
});
