/** The slips of an accrual, by the address of whoever looks at it. */
import type { PaperChoice } from '@/components/papers';

export const slips = (address: string): readonly PaperChoice[] => [
  { label: 'Расчётный листок', address: `${address}/paper.pdf` },
  { label: 'Листок со всеми строками', address: `${address}/paper.pdf?lines=true` },
];
