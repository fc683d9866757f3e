/** Conflicting visits: number (underlined, opens the visit), time, patient with the phone where it is shown, doctor, and the
 * services where it is about several. */
import { ObjectLink } from '@/entities/object/ObjectLink';
import { PhoneLink } from '@/components/PhoneLink';
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatDate, formatTime } from '@/lib/time';
import type { ConflictingVisit } from './conflicts';

interface ConflictingVisitsProps {
  readonly visits: readonly ConflictingVisit[];
  readonly label: string;
  /** Opens them beside what is being decided here. */
  readonly newTab?: boolean;
}

export function ConflictingVisits({ visits, label, newTab = false }: ConflictingVisitsProps): ReactNode {
  const phones = visits.some(({ phone }) => phone !== '');
  const services = new Set(visits.flatMap((visit) => visit.services)).size > 1;
  return (
    <Table aria-label={label} withTableBorder verticalSpacing={5}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Визит</Table.Th>
          <Table.Th>Время</Table.Th>
          <Table.Th>Пациент</Table.Th>
          {phones && <Table.Th>Телефон</Table.Th>}
          <Table.Th>Врач</Table.Th>
          {services && <Table.Th>Услуги</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {visits.map((visit) => (
          <Table.Tr key={visit.id}>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>
              <ObjectLink type="visit" id={visit.id} newTab={newTab} underline="always" size="sm">
                № {visit.number}
              </ObjectLink>
            </Table.Td>
            <Table.Td className="tabular" style={{ whiteSpace: 'nowrap' }}>
              {formatDate(visit.starts_at)} {formatTime(visit.starts_at)}–{formatTime(visit.ends_at)}
            </Table.Td>
            <Table.Td>{visit.patient}</Table.Td>
            {phones && (
              <Table.Td className="tabular">{visit.phone !== '' && <PhoneLink phone={visit.phone} />}</Table.Td>
            )}
            <Table.Td>{visit.doctor}</Table.Td>
            {services && <Table.Td>{visit.services.join(', ')}</Table.Td>}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
