/** What is to be accrued to one employee for a period: every sum with where it comes from. */
import { Group } from '@mantine/core';
import { IconCoins } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { NEW } from '@/components/card/CardPage';
import { useToday } from '@/components/fields/useToday';
import { ButtonLink } from '@/components/links';
import type { PeriodSearch } from '@/components/list/listSearch';
import { PeriodInput } from '@/components/list/PeriodInput';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { employeePayrollQuery } from '@/entities/payroll/queries';
import { PartSums } from './PartSums';
import { PayLines } from './PayLines';
import { lastHalf } from './search';

const route = getRouteApi('/shell/payroll/$id');

export function EmployeePayrollPage(): ReactNode {
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const today = useToday();
  const { from, to } = search.from && search.to ? { from: search.from, to: search.to } : lastHalf(today);
  const { data, error } = useQuery(employeePayrollQuery(id, { from, to }));
  return (
    <Page
      title={data === undefined ? 'Расчёт ЗП' : `Расчёт ЗП: ${data.employee.name}`}
      actions={
        <>
          <ButtonLink to="/payroll" search={{ from, to }} variant="default">
            Ко всем
          </ButtonLink>
          <ButtonLink
            to="/pay-accruals/$id"
            params={{ id: NEW }}
            search={{ employee: id, from, to }}
            leftSection={<IconCoins size={17} stroke={1.8} aria-hidden />}
          >
            Начислить
          </ButtonLink>
        </>
      }
    >
      <Group mb="sm">
        <PeriodInput
          label="Период"
          bare
          from={from}
          to={to}
          onChange={(days) => void navigate({ search: days.from === undefined ? {} : (days as PeriodSearch) })}
        />
      </Group>
      <ProblemAlert error={error} title="Расчёт не открылся" />
      {data === undefined ? (
        error === null && <Loading height={320} what="Расчёт загружается" />
      ) : (
        <>
          <PartSums parts={data.parts} total={data.total} />
          <PayLines lines={data.lines} />
        </>
      )}
    </Page>
  );
}
