/** Visits behind a red frame: number (underlined, opens the visit), time, patient with the phone where it is shown, doctor. */
import { ObjectLink } from '@/components/ObjectLink';
import { PhoneLink } from '@/components/PhoneLink';
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { sayDate, sayTime } from '@/lib/time';
import type { StandingVisit } from '@/lib/api/conflicts';

export function StandingVisits({ visits, label }: { visits: readonly StandingVisit[]; label: string }): ReactNode {
  const phones = visits.some(({ phone }) => phone !== '');
  return (
    <Table aria-label={label} withTableBorder verticalSpacing={5}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Визит</Table.Th>
          <Table.Th>Время</Table.Th>
          <Table.Th>Пациент</Table.Th>
          {phones && <Table.Th>Телефон</Table.Th>}
          <Table.Th>Врач</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {visits.map((visit) => (
          <Table.Tr key={visit.id}>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>
              <ObjectLink type="visit" id={visit.id} underline="always" size="sm">
                № {visit.number}
              </ObjectLink>
            </Table.Td>
            <Table.Td className="tabular" style={{ whiteSpace: 'nowrap' }}>
              {sayDate(visit.starts_at)} {sayTime(visit.starts_at)}–{sayTime(visit.ends_at)}
            </Table.Td>
            <Table.Td>{visit.patient}</Table.Td>
            {phones && (
              <Table.Td className="tabular">{visit.phone !== '' && <PhoneLink phone={visit.phone} />}</Table.Td>
            )}
            <Table.Td>{visit.doctor}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
