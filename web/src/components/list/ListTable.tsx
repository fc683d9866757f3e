import { Button, Group, Pagination, Skeleton, Stack, Table, Text } from '@mantine/core';
import { IconFileTypeCsv, IconPrinter } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { flushSync } from 'react-dom';
import { ProblemAlert } from '@/components/ProblemAlert';
import { reportProblem } from '@/components/notices';
import { recordExport, type Accessed, useRecordedPrint } from '@/lib/api/accessLog';
import { usePrinting } from '@/lib/printing';
import { counted } from '@/lib/text';
import { ColumnHead } from './ColumnHead';
import { ColumnsMenu } from './ColumnsMenu';
import { saveFile } from '@/lib/saveFile';
import { toCsv } from './csv';
import classes from './ListTable.module.css';
import { PAGE_SIZE } from './listSearch';
import { ResetFilters } from './ResetFilters';
import { type Column, useColumns } from './useColumns';

export interface ListColumn<Row> extends Column {
  render: (row: Row) => ReactNode;
  /** The cell as plain text, for the exported list; a column of buttons has none and isn't exported. */
  text?: (row: Row) => string;
  /** Name of the sorting in the address; a column without it isn't sorted. */
  sort?: string;
  width?: number | string;
  align?: 'right';
  /** Takes the room that the others leave, in one line. */
  grow?: boolean;
}

/** An object as its list shows it; deleted ones are greyed. */
interface Listed {
  readonly id: string;
  readonly deleted: boolean;
}

interface ListTableProps<Row> {
  /** Under this name the browser remembers the chosen columns. */
  name: string;
  label: string;
  columns: readonly ListColumn<Row>[];
  rows: readonly Row[] | undefined;
  total: number | undefined;
  /** The next rows are on their way. */
  waiting: boolean;
  error: unknown;
  empty: ReactNode;
  sort: string;
  page: number;
  /** Another order or page is asked for. */
  onChange: (part: { sort?: string; page?: number }) => void;
  /** What stands left of the buttons: search and filters. */
  filters: ReactNode;
  nouns: [one: string, few: string, many: string];
  /** All rows that the filters leave, for the export. */
  loadAll: () => Promise<readonly Row[]>;
  exportName: string;
  /** What all that was found comes to, beside its count. */
  summary?: ReactNode;
  /** Of personal data: whose they are and by which filter they were found, as is noted when they are exported or printed. */
  accessed?: Pick<Accessed, 'objectType' | 'filter'>;
}

/** Every list looks and works alike: filters, sorting by heads, pages, chosen columns, export of what is shown. */
export function ListTable<Row extends Listed>(props: ListTableProps<Row>) {
  const {
    name,
    label,
    columns,
    rows,
    total,
    waiting,
    error,
    empty,
    sort,
    page,
    onChange,
    filters,
    nouns,
    loadAll,
    exportName,
    summary,
    accessed,
  } = props;
  const chosen = useColumns(name, columns);
  const { shown } = chosen;
  const [exporting, setExporting] = useState(false);
  const [preparing, setPreparing] = useState(false);
  const [all, setAll] = useState<readonly Row[] | null>(null);
  const onPaper = usePrinting();
  const drawn = onPaper && all !== null ? all : rows;
  useRecordedPrint(
    accessed === undefined || drawn === undefined ? null : { ...accessed, count: (all ?? drawn).length },
  );
  const pages = total === undefined ? 1 : Math.max(1, Math.ceil(total / PAGE_SIZE));

  const save = async () => {
    setExporting(true);
    try {
      const all = await loadAll();
      if (accessed !== undefined) await recordExport({ ...accessed, count: all.length });
      const exported = shown.flatMap(({ title, text }) => (text === undefined ? [] : [{ title, text }]));
      const csv = toCsv([
        exported.map(({ title }) => title),
        ...all.map((row) => exported.map(({ text }) => text(row))),
      ]);
      saveFile(`${exportName}.csv`, new Blob([csv], { type: 'text/csv;charset=utf-8' }));
    } catch (problem) {
      reportProblem(problem, 'Выгрузить не получилось', { again: () => void save() });
    } finally {
      setExporting(false);
    }
  };

  // the window of the browser's print shows what is drawn by then: all rows, not those of one page
  const print = async () => {
    setPreparing(true);
    try {
      const loaded = await loadAll();
      flushSync(() => setAll(loaded));
      window.print();
    } catch (problem) {
      reportProblem(problem, 'Напечатать не получилось', { again: () => void print() });
    } finally {
      setPreparing(false);
      setAll(null);
    }
  };

  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm" align="end" wrap="nowrap" className="no-paper">
        <Group gap="sm" align="end">
          {filters}
          <ResetFilters />
        </Group>
        <Group gap={6} wrap="nowrap" flex="none">
          <ColumnsMenu columns={chosen} />
          <Button
            variant="default"
            aria-label="Печать"
            classNames={{ root: classes.square, section: classes.icon }}
            leftSection={<IconPrinter size={18} stroke={1.6} aria-hidden />}
            loading={preparing}
            onClick={() => void print()}
          >
            <span className={classes.roomy}>Печать</span>
          </Button>
          <Button
            variant="default"
            aria-label="Выгрузить"
            classNames={{ root: classes.square, section: classes.icon }}
            leftSection={<IconFileTypeCsv size={18} stroke={1.6} aria-hidden />}
            loading={exporting}
            onClick={() => void save()}
          >
            <span className={classes.roomy}>Выгрузить</span>
          </Button>
        </Group>
      </Group>
      {error !== null && error !== undefined && <ProblemAlert error={error} title="Список не загрузился" />}
      <div
        className={classes.frame}
        data-waiting={waiting || undefined}
        aria-busy={waiting}
        role="region"
        aria-label={label}
        // wide lists scroll inside of the frame, which therefore takes the keyboard
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        <Table aria-label={label} highlightOnHover stickyHeader>
          <Table.Thead>
            <Table.Tr>
              {shown.map((column) => (
                <ColumnHead key={column.key} column={column} sort={sort} onSort={(next) => onChange({ sort: next })} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {drawn?.map((row) => (
              <Table.Tr key={row.id} className={row.deleted ? classes.greyed : undefined}>
                {shown.map((column) => (
                  <Table.Td
                    key={column.key}
                    ta={column.align}
                    className={column.grow === true ? classes.grow : undefined}
                    title={column.grow === true ? column.text?.(row) : undefined}
                  >
                    {column.render(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
            {rows === undefined &&
              error === null &&
              Array.from({ length: 10 }, (_, index) => (
                <Table.Tr key={index}>
                  {shown.map((column) => (
                    <Table.Td key={column.key}>
                      <Skeleton h={14} my={4} w={`${55 + ((index * 7 + column.key.length * 5) % 40)}%`} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
        {rows?.length === 0 && empty}
      </div>
      {total !== undefined && total > 0 && (
        <Group justify="space-between" mih={32}>
          <Text fz="sm" c="dimmed" role="status">
            {counted(total, ...nouns)}
            {onPaper && drawn !== undefined && drawn.length < total && `, напечатано ${drawn.length}: страница ${page}`}
            {summary}
          </Text>
          {pages > 1 && (
            <Pagination
              size="sm"
              total={pages}
              value={Math.min(page, pages)}
              onChange={(next) => onChange({ page: next })}
            />
          )}
        </Group>
      )}
    </Stack>
  );
}
