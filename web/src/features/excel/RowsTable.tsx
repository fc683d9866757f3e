import { Button, Group, Pagination, SegmentedControl, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { ChangesList } from '@/components/ChangesList';
import { Loading } from '@/components/Loading';
import { ProblemAlert } from '@/components/ProblemAlert';
import {
  decide,
  importQuery,
  ROWS,
  rowsQuery,
  type Decision,
  type ExcelImport,
  type ExcelRow,
  type Shown,
} from './queries';
import classes from './excel.module.css';

interface RowsTableProps {
  readonly job: ExcelImport;
  readonly shown: Shown;
  readonly total: number;
  readonly label: string;
}

/** Rows of the file with what is wrong or what changes; those that wait with the decision about each. */
export function RowsTable({ job, shown, total, label }: RowsTableProps): ReactNode {
  const queries = useQueryClient();
  const [page, setPage] = useState(1);
  const query = rowsQuery(job, shown, page);
  const rows = useQuery(query);
  const deciding = useMutation({
    mutationFn: ({ decision, row }: { decision: Decision; row: ExcelRow | null }) => decide(job.id, decision, row),
    onSuccess: async (updated) => {
      queries.setQueryData(importQuery(job.id).queryKey, updated);
      await queries.invalidateQueries({ queryKey: ['excel', 'import', job.id, 'rows'] });
    },
  });
  const decides = shown === 'needs_decision' && job.state === 'checked';
  const pages = Math.ceil(total / ROWS);

  if (rows.isPending) return <Loading height={240} what="Строки загружаются" />;
  if (rows.isError) return <ProblemAlert error={rows.error} />;
  return (
    <>
      {decides && total > 1 && (
        <Group gap="xs">
          <Text size="sm">Со всеми:</Text>
          {(['edit', 'create', 'skip'] as const).map((decision) => (
            <Button
              key={decision}
              size="compact-sm"
              variant="default"
              onClick={() => deciding.mutate({ decision, row: null })}
            >
              {DECISIONS[decision]}
            </Button>
          ))}
        </Group>
      )}
      {deciding.isError && <ProblemAlert error={deciding.error} />}
      <Table aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={90}>Строка</Table.Th>
            <Table.Th w="26%">Запись</Table.Th>
            <Table.Th>{shown === 'refused' || shown === 'errors' ? 'Причина' : 'Данные'}</Table.Th>
            {shown === 'needs_decision' && <Table.Th w={320}>Решение</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.data.items.map((row) => (
            <Table.Tr key={`${row.sheet} ${row.row}`}>
              <Table.Td className={classes.cell}>
                {row.row}
                {row.sheet !== '' && (
                  <Text size="xs" c="dimmed">
                    {row.sheet}
                  </Text>
                )}
              </Table.Td>
              <Table.Td className={classes.cell}>{row.title}</Table.Td>
              <Table.Td className={classes.cell}>
                {shown !== 'refused' && shown !== 'errors' && <ChangesList changes={row.changes} />}
                <Reasons row={row} />
              </Table.Td>
              {shown === 'needs_decision' && (
                <Table.Td className={classes.cell}>
                  {decides ? (
                    <SegmentedControl
                      size="xs"
                      aria-label={`Решение по строке ${row.row}`}
                      data={offered(row)}
                      value={row.decision ?? ''}
                      onChange={(decision) => deciding.mutate({ decision: decision as Decision, row })}
                    />
                  ) : row.decision ? (
                    DECISIONS[row.decision]
                  ) : (
                    'не принято'
                  )}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {pages > 1 && <Pagination size="sm" total={pages} value={page} onChange={setPage} />}
    </>
  );
}

const DECISIONS: Record<Decision, string> = { edit: 'Изменить', create: 'Создать нового', skip: 'Пропустить' };

function offered(row: ExcelRow): { value: Decision; label: string }[] {
  const decisions: Decision[] = ['edit', 'create', 'skip'];
  const possible = { edit: row.editable, create: row.creatable, skip: true };
  return decisions.filter((decision) => possible[decision]).map((value) => ({ value, label: DECISIONS[value] }));
}

/** Where it stands, unless in the row itself. */
function place(error: ExcelRow['errors'][number], row: ExcelRow): string {
  if (error.sheet !== row.sheet) return `Лист «${error.sheet}», строка ${error.row}. `;
  return error.row === row.row ? '' : `Строка ${error.row}. `;
}

function Reasons({ row }: { readonly row: ExcelRow }): ReactNode {
  return (
    <>
      {row.errors.map((error, index) => (
        <Text key={index} size="sm">
          {place(error, row)}
          {error.column !== '' && <strong>{error.column}: </strong>}
          {error.reason}
        </Text>
      ))}
      {row.reason !== '' && <Text size="sm">{row.reason}</Text>}
    </>
  );
}
