import type { AccountVisit } from './queries';

/** «визит № 12», «товары по накладной № 5» */
export function chargeName({ kind, number }: Pick<AccountVisit, 'kind' | 'number'>): string {
  return kind === 'visit' ? `визит № ${number}` : `товары по накладной № ${number}`;
}
