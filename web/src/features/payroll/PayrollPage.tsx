/** What is to be accrued to each employee for a period. */
import { Button, Text } from '@mantine/core';
import { IconCoins } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { askFirst } from '@/components/askFirst';
import { Empty } from '@/components/Empty';
import { useToday } from '@/components/fields/useToday';
import { TextLink } from '@/components/links';
import type { PeriodSearch } from '@/components/list/listSearch';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { PeriodInput } from '@/components/list/PeriodInput';
import { onOnePage } from '@/components/list/wholeList';
import { reportDone } from '@/components/notices';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { isNothing, money, plain, Sum, SumOrNothing } from '@/entities/money/amounts';
import { Summed } from '@/entities/money/Summed';
import { createAccrual, type EmployeePay, payrollQuery, refreshPay } from '@/entities/payroll/queries';
import { counted, fromKopecks, kopecks } from '@/lib/text';
import { formatDate } from '@/lib/time';
import { PayrollTabs } from './PayrollTabs';
import { lastHalf } from './search';

const route = getRouteApi('/shell/payroll');

interface Row extends EmployeePay {
  readonly id: string;
}

export function PayrollPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const today = useToday();
  const [done, setDone] = useState(0);
  const { from, to } = search.from && search.to ? { from: search.from, to: search.to } : lastHalf(today);
  const { data, error, isPlaceholderData } = useQuery(payrollQuery({ from, to }));
  const rows = data?.items.map((item): Row => ({ ...item, id: item.employee_id }));
  const earned = rows?.filter(({ total }) => !isNothing(total)) ?? [];
  const total = fromKopecks(earned.reduce((sum, one) => sum + kopecks(one.total), 0));
  const accruing = useMutation({
    mutationFn: async (all: readonly Row[]) => {
      setDone(0);
      for (const one of all) {
        await createAccrual({
          date: today,
          employee_id: one.employee_id,
          first: from,
          last: to,
          post: true,
          seen: one.total,
        });
        setDone((before) => before + 1);
      }
    },
    onSuccess: (_, all) => reportDone(`Начислено: ${counted(all.length, 'сотрудник', 'сотрудника', 'сотрудников')}`),
    onSettled: refreshPay,
  });
  const change = (days: { from: PeriodSearch['from'] | undefined; to: PeriodSearch['to'] | undefined }) =>
    void navigate({ search: days.from === undefined ? {} : (days as PeriodSearch) });
  return (
    <Page
      title={`Расчёт ЗП за ${formatDate(from)} – ${formatDate(to)}`}
      actions={
        <Button
          leftSection={<IconCoins size={17} stroke={1.8} aria-hidden />}
          disabled={earned.length === 0 || isPlaceholderData}
          loading={accruing.isPending}
          onClick={() =>
            askFirst({
              title: `Начислить всем ${money(total)}?`,
              means: `Будет проведено начислений: ${earned.length}, датой ${formatDate(today)}. Отменить проведение можно в каждом.`,
              confirm: 'Начислить',
              cancel: 'Отмена',
              onConfirm: () => accruing.mutate(earned),
            })
          }
        >
          Начислить всем
        </Button>
      }
    >
      <PayrollTabs />
      <ProblemAlert error={accruing.error} title={`Начислено не всем: ${done} из ${accruing.variables?.length ?? 0}`} />
      <ListTable
        {...onOnePage(rows)}
        name="payroll"
        label="Расчёт ЗП"
        columns={columnsOf({ from, to })}
        waiting={isPlaceholderData}
        error={error}
        empty={
          <Empty icon={IconCoins} title="Рассчитывать некому">
            Задайте сотрудникам схемы начисления: процент, оклад или оплату за смены.
          </Empty>
        }
        filters={<PeriodInput label="Период" bare from={from} to={to} onChange={change} />}
        nouns={['сотрудник', 'сотрудника', 'сотрудников']}
        summary={<Summed words=": к начислению " amount={total} />}
        exportName="Расчёт ЗП"
      />
      <Text fz="sm" c="dimmed" mt="xs">
        Здесь то, что ещё не начислено. Возвраты и правки визитов за уже начисленные дни входят корректировкой.
      </Text>
    </Page>
  );
}

function columnsOf(period: Required<PeriodSearch>): readonly ListColumn<Row>[] {
  return [
    {
      key: 'name',
      title: 'Сотрудник',
      width: 220,
      render: ({ id, name, deleted }) => (
        <TextLink to="/payroll/$id" params={{ id }} search={period} fw={500} c={deleted ? 'dimmed' : undefined}>
          {name}
        </TextLink>
      ),
      text: ({ name }) => name,
    },
    ofParts('percent', 'Процент', ['service', 'goods', 'grid']),
    ofParts('fixed', 'Оклад', ['monthly']),
    ofParts('time', 'Смены и часы', ['shift', 'hour']),
    ofParts('guarantee', 'До минимума', ['guarantee']),
    {
      key: 'corrections',
      title: 'В т. ч. корректировки',
      width: 132,
      align: 'right',
      render: ({ corrections }) => <SumOrNothing amount={corrections} />,
      text: ({ corrections }) => plain(corrections),
    },
    {
      key: 'total',
      title: 'К начислению',
      width: 132,
      align: 'right',
      render: ({ total }) => (
        <b>
          <Sum amount={total} />
        </b>
      ),
      text: ({ total }) => plain(total),
    },
  ];
}

function ofParts(key: string, title: string, parts: readonly string[]): ListColumn<Row> {
  const sumOf = (row: Row) =>
    fromKopecks(row.parts.filter(({ part }) => parts.includes(part)).reduce((sum, one) => sum + kopecks(one.sum), 0));
  return {
    key,
    title,
    width: 116,
    align: 'right',
    render: (row) => <SumOrNothing amount={sumOf(row)} />,
    text: (row) => plain(sumOf(row)),
  };
}
