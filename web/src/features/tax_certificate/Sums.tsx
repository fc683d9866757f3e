import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { rubles } from '@/lib/text';
import type { YearSums } from './queries';

/** «Код 1: 1 500,00 ₽, код 2: 20 000,00 ₽». */
export function inCodes({ code_1, code_2 }: Pick<YearSums, 'code_1' | 'code_2'>): string {
  const parts = [
    ...(Number(code_1) > 0 || Number(code_2) === 0 ? [`код 1: ${rubles(code_1)}`] : []),
    ...(Number(code_2) > 0 ? [`код 2: ${rubles(code_2)}`] : []),
  ];
  return parts.join(', ');
}

/** What of the year's payments a certificate doesn't state, and why. */
export function LeftOut({ sums }: { readonly sums: YearSums }): ReactNode {
  const parts = [
    ...(Number(sums.prepaid) > 0 ? [`аванс ${rubles(sums.prepaid)} – за него ещё не оказаны услуги`] : []),
    ...(Number(sums.goods) > 0 ? [`товары на ${rubles(sums.goods)} – это не лечение`] : []),
  ];
  if (parts.length === 0) return null;
  return (
    <Text fz="sm" c="dimmed">
      {`Не входит: ${parts.join('; ')}.`}
    </Text>
  );
}
