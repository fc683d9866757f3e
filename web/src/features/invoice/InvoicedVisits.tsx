/** The lines of an invoice. */
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { rubles } from '@/lib/text';
import { formatDate } from '@/lib/time';
import type { InvoicedVisit } from './queries';

export function InvoicedVisits({ lines }: { readonly lines: readonly InvoicedVisit[] }): ReactNode {
  return (
    <Table withTableBorder aria-label="Визиты счёта" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={110}>Дата</Table.Th>
          <Table.Th w={90}>Визит</Table.Th>
          <Table.Th w={260}>Пациент</Table.Th>
          <Table.Th w={80}>Карта</Table.Th>
          <Table.Th>Услуги и товары</Table.Th>
          <Table.Th ta="right" w={120}>
            Сумма
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map((line, index) => (
          <Table.Tr key={`${line.visit_id} ${index}`}>
            <Table.Td className="tabular">{formatDate(line.day)}</Table.Td>
            <Table.Td>
              <ObjectLink type="visit" id={line.visit_id} inherit>
                {`№ ${line.visit_number}`}
              </ObjectLink>
            </Table.Td>
            <Table.Td>
              {line.patient !== null && (
                <ObjectLink type="patient" id={line.patient.id} inherit>
                  {line.patient.name}
                </ObjectLink>
              )}
            </Table.Td>
            <Table.Td>{line.card_number}</Table.Td>
            <Table.Td>{line.services}</Table.Td>
            <Table.Td ta="right" className="tabular">
              {rubles(line.sum)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
