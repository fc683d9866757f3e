/** Words of what became of a certificate. */
import { formatDate } from '@/lib/time';
import type { TaxCertificateItem } from './queries';

const ANNULMENT = 999;
const WAYS = { paper: 'выдана', electronic: 'отправлена' } as const;

export function isAnnulled({ correction }: Pick<TaxCertificateItem, 'correction'>): boolean {
  return correction === ANNULMENT;
}

/** «Первичная», «Корректировка 1», «Аннулирование». */
export function paperName(correction: number): string {
  if (correction === ANNULMENT) return 'Аннулирование';
  return correction === 0 ? 'Первичная' : `Корректировка ${correction}`;
}

/** «выдана 20.01.2027, отправлена 21.01.2027» of one paper; '' while nobody has it. */
export function handedIn(handed: TaxCertificateItem['handed'], correction: number): string {
  return handed
    .filter((one) => one.correction === correction)
    .map(({ way, day }) => `${WAYS[way]} ${formatDate(day)}`)
    .join(', ');
}
