/** One accrual of the user, line by line. */
import { Group, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ButtonLink } from '@/components/links';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { PaperMenu } from '@/components/papers';
import { ProblemAlert } from '@/components/ProblemAlert';
import { Sum } from '@/entities/money/amounts';
import { Fact } from '@/entities/money/Fact';
import { EXTRAS, ownAccrualQuery } from '@/entities/payroll/queries';
import { formatDate } from '@/lib/time';
import { extrasTotal } from './accrualDraft';
import { PayLines } from './PayLines';
import { slips } from './slips';

const route = getRouteApi('/shell/own-payroll/$id');

export function OwnAccrualPage(): ReactNode {
  const { id } = route.useParams();
  const { data, error } = useQuery(ownAccrualQuery(id));
  return (
    <Page
      title={
        data === undefined ? 'Моя зарплата' : `Моя зарплата за ${formatDate(data.first)} – ${formatDate(data.last)}`
      }
      actions={
        <>
          <PaperMenu papers={slips(`/api/own-payroll/${id}`)} />
          <ButtonLink to="/own-payroll" variant="default">
            Ко всем
          </ButtonLink>
        </>
      }
    >
      <ProblemAlert error={error} title="Начисление не открылось" />
      {data === undefined ? (
        error === null && <Loading height={320} what="Начисление загружается" />
      ) : (
        <>
          <Group gap="sm" mb="sm">
            <Fact title="Начислено" amount={data.total} />
            <Fact title="Выплачено" amount={data.paid} />
          </Group>
          {data.extras.length > 0 && (
            <Table withTableBorder maw={700} mb="sm" aria-label="Дополнительно">
              <Table.Tbody>
                {data.extras.map((extra, index) => (
                  <Table.Tr key={index}>
                    <Table.Td>{EXTRAS[extra.kind]}</Table.Td>
                    <Table.Td>{extra.note}</Table.Td>
                    <Table.Td ta="right">
                      <Sum amount={extrasTotal([extra])} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
          <PayLines lines={data.lines} />
        </>
      )}
    </Page>
  );
}
