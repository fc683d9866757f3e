import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type Security = components['schemas']['Security'];
export type SessionItem = components['schemas']['SessionItem'];
export type Enrolment = components['schemas']['Enrolment'];

export const securityQuery = queryOptions({
  queryKey: ['security'],
  queryFn: ({ signal }) => answer(api.GET('/api/profile/security', { signal })),
  // sessions come and go without a word
  staleTime: 0,
  meta: { models: ['accesses'] },
});

export function changePassword(password: string, new_password: string) {
  return answer(api.POST('/api/profile/password', { body: { password, new_password } }));
}

export function beginSecondFactor(password: string) {
  return answer(api.POST('/api/profile/second-factor', { body: { password } }));
}

export function confirmSecondFactor(code: string) {
  return answer(api.POST('/api/profile/second-factor/confirm', { body: { code } }));
}

export function removeSecondFactor(password: string, code: string) {
  return answer(api.POST('/api/profile/second-factor/remove', { body: { password, code } }));
}

export async function endSession(id: string): Promise<void> {
  await api.DELETE('/api/profile/sessions/{session_id}', { params: { path: { session_id: id } } });
}

export async function endOtherSessions(): Promise<void> {
  await api.POST('/api/profile/sessions/end-others');
}
