import { Group, Skeleton } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { NEW } from '@/components/card/CardPage';
import { useToday } from '@/components/fields/useToday';
import { ButtonLink } from '@/components/links';
import { Loading } from '@/components/Loading';
import { Mark } from '@/components/Mark';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { PaperMenu } from '@/components/papers';
import { accrualQuery } from '@/entities/payroll/queries';
import { useRight } from '@/lib/api/me';
import { draftOf, startOf } from './accrualDraft';
import { AccrualForm } from './AccrualForm';
import { slips } from './slips';
import { lastHalf } from './search';

const route = getRouteApi('/shell/pay-accruals/$id');

export function AccrualPage(): ReactNode {
  const { id } = route.useParams();
  return id === NEW ? <NewAccrual /> : <Stored key={id} id={id} />;
}

function ToList(): ReactNode {
  return (
    <ButtonLink to="/pay-accruals" variant="default">
      К списку
    </ButtonLink>
  );
}

function NewAccrual(): ReactNode {
  const search = route.useSearch();
  const today = useToday();
  const saved = useMemo(() => startOf(today, { ...lastHalf(today), ...search }), [today, search]);
  return (
    <Page title="Новое начисление ЗП" actions={<ToList />}>
      <AccrualForm accrual={null} saved={saved} />
    </Page>
  );
}

function Stored({ id }: { readonly id: string }): ReactNode {
  const mayRead = useRight('journal');
  const { data: accrual, error } = useQuery(accrualQuery(id));
  const saved = useMemo(() => (accrual === undefined ? undefined : draftOf(accrual)), [accrual]);
  const title = accrual === undefined ? 'Начисление ЗП' : `Начисление ЗП № ${accrual.number}: ${accrual.employee.name}`;
  return (
    <Page
      title={title}
      heading={
        accrual === undefined ? (
          error === null && <Skeleton h={26} w={260} />
        ) : (
          <Group gap={8}>
            {title}
            {!accrual.posted && !accrual.deleted && <Mark like="planned">черновик</Mark>}
          </Group>
        )
      }
      actions={
        <>
          <ToList />
          <PaperMenu papers={slips(`/api/pay-accruals/${id}`)} size="sm" />
          {mayRead && (
            <ButtonLink
              to="/history/$type/$id"
              params={{ type: 'pay_accrual', id }}
              variant="default"
              leftSection={<IconHistory size={17} stroke={1.6} aria-hidden />}
            >
              История
            </ButtonLink>
          )}
        </>
      }
    >
      <ProblemAlert error={error} title="Начисление не открылось" />
      {accrual === undefined || saved === undefined ? (
        error === null && <Loading height={320} what="Начисление загружается" />
      ) : (
        <AccrualForm accrual={accrual} saved={saved} />
      )}
    </Page>
  );
}
