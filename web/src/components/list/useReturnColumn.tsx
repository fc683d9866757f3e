import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { reportDone, reportProblem } from '@/components/notices';
import type { ListColumn } from './ListTable';

interface Returning<Row> {
  readonly nameOf: (row: Row) => string;
  readonly bringBack: (row: Row) => Promise<unknown>;
  /** Fetches again what shows the rows. */
  readonly refresh: () => Promise<unknown>;
}

/** «Вернуть» beside every deleted row of a list. */
export function useReturnColumn<Row extends { id: string; deleted: boolean }>({
  nameOf,
  bringBack,
  refresh,
}: Returning<Row>): ListColumn<Row> {
  const returning = useMutation({
    mutationFn: bringBack,
    onSuccess: async (_, row) => {
      await refresh();
      reportDone(`Возвращено: ${nameOf(row)}`);
    },
    onError: (error) => reportProblem(error, 'Вернуть не получилось'),
  });
  return {
    key: 'return',
    title: 'Возврат',
    width: 110,
    render: (row) =>
      row.deleted && (
        <Button
          size="compact-sm"
          variant="light"
          aria-label={`Вернуть: ${nameOf(row)}`}
          loading={returning.isPending && returning.variables.id === row.id}
          onClick={() => returning.mutate(row)}
        >
          Вернуть
        </Button>
      ),
  };
}
