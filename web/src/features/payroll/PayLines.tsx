/** The lines of pay: each with where it comes from. */
import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Mark } from '@/components/Mark';
import { isNothing, Sum, SumOrNothing } from '@/entities/money/amounts';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { PARTS, type PayLine } from '@/entities/payroll/queries';
import { formatDate } from '@/lib/time';
import { formatNumber } from '@/lib/typed/numbers';

export function PayLines({ lines }: { readonly lines: readonly PayLine[] }): ReactNode {
  if (lines.length === 0) {
    return (
      <Text c="dimmed" fz="sm">
        За этот период начислять нечего: всё уже начислено или ничего не заработано.
      </Text>
    );
  }
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table withTableBorder aria-label="Строки расчёта" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>День</Table.Th>
            <Table.Th>Вид</Table.Th>
            <Table.Th>Визит</Table.Th>
            <Table.Th>Услуга, товар</Table.Th>
            <Table.Th ta="right">База</Table.Th>
            <Table.Th ta="right">Процент, количество</Table.Th>
            <Table.Th ta="right">Сумма</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line, index) => (
            <Table.Tr key={index}>
              <Table.Td className="tabular">{formatDate(line.day)}</Table.Td>
              <Table.Td>
                {PARTS[line.part]}
                {line.correction && <Mark like="planned">корректировка</Mark>}
              </Table.Td>
              <Table.Td className="tabular">
                {line.visit_id !== null && (
                  <ObjectLink type="visit" id={line.visit_id} inherit>
                    {`№ ${line.number ?? ''}`}
                  </ObjectLink>
                )}
              </Table.Td>
              <Table.Td>{line.name}</Table.Td>
              <Table.Td ta="right">
                <SumOrNothing amount={line.base} />
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {rateOf(line)}
              </Table.Td>
              <Table.Td ta="right">{isNothing(line.sum) ? '' : <Sum amount={line.sum} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const UNITS: Partial<Record<PayLine['part'], string>> = {
  monthly: 'дн.',
  guarantee: 'дн.',
  shift: 'см.',
  hour: 'ч',
  per_visit: 'виз.',
};

function rateOf({ part, percent, quantity }: PayLine): string {
  if (percent !== null) return `${formatNumber(percent)} %`;
  return quantity === null || Number(quantity) === 0 ? '' : `${formatNumber(quantity)} ${UNITS[part] ?? ''}`;
}
