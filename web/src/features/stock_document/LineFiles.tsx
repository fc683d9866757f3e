/** Lines of a draft from a file; of an inventory also the sheet to count on. */
import { Alert, Anchor, Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { IconTableDown, IconTableImport } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useContext, useRef } from 'react';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useDownload } from '@/components/useDownload';
import { readLines, type ReadLines, type StockKind } from '@/entities/stock/queries';
import { useRight } from '@/lib/api/me';
import { counted } from '@/lib/text';
import { shortest } from '@/lib/typed/numbers';
import type { DraftLine } from './documentDraft';
import { StockPlaceContext } from '@/entities/stock/stockPlace';

interface LineFilesProps {
  readonly kind: StockKind;
  /** The document's id, if it has one. */
  readonly own: string | undefined;
  readonly onChange: (change: (lines: readonly DraftLine[]) => readonly DraftLine[]) => void;
}

const MOST_SHOWN = 12;

export function LineFiles({ kind, own, onChange }: LineFilesProps): ReactNode {
  const reset = useRef<() => void>(null);
  const reading = useMutation({
    mutationFn: (file: File) => readLines(kind, file),
    onSuccess: ({ lines }) => {
      onChange((now) => joined(kind, now, lines.map(draftLine)));
      if (lines.length > 0) reportDone(`Из файла: ${counted(lines.length, 'строка', 'строки', 'строк')}`);
    },
    onSettled: () => reset.current?.(),
  });
  return (
    <Stack gap={6}>
      <Group gap="xs">
        <FileButton
          accept=".xlsx"
          resetRef={reset}
          inputProps={{ 'aria-label': 'Файл со строками' }}
          onChange={(file) => file !== null && reading.mutate(file)}
        >
          {(button) => (
            <Button
              {...button}
              size="compact-sm"
              variant="subtle"
              leftSection={<IconTableImport size={16} stroke={1.7} aria-hidden />}
              loading={reading.isPending}
            >
              {kind.counts ? 'Загрузить сосчитанное из Excel' : 'Загрузить строки из Excel'}
            </Button>
          )}
        </FileButton>
        {kind.counts && <CountSheets own={own} />}
      </Group>
      <ProblemAlert error={reading.error} title="Файл не прочитан" />
      {reading.data !== undefined && <Remarks read={reading.data} onClose={reading.reset} />}
    </Stack>
  );
}

/** To print or fill in: without what there should be one counts what is there. */
function CountSheets({ own }: { readonly own: string | undefined }): ReactNode {
  const maySee = useRight('stock_balances');
  const { warehouse, moment } = useContext(StockPlaceContext);
  const address = (book: boolean) => {
    const query = new URLSearchParams({ warehouse_id: warehouse, moment, book: String(book) });
    if (own !== undefined) query.set('document_id', own);
    return `/api/stock-count-sheet.xlsx?${query.toString()}`;
  };
  const blind = useDownload(address(false), 'Лист инвентаризации.xlsx');
  const withBook = useDownload(address(true), 'Лист инвентаризации с остатками.xlsx');
  if (warehouse === '' || moment === '') return null;
  return (
    <Text fz="sm" c="dimmed">
      <IconTableDown size={16} stroke={1.7} aria-hidden style={{ verticalAlign: 'text-bottom' }} /> Скачать лист{' '}
      <Anchor {...blind.link} fz="sm">
        без остатков
      </Anchor>
      {maySee && (
        <>
          {' или '}
          <Anchor {...withBook.link} fz="sm">
            с остатками
          </Anchor>
        </>
      )}
    </Text>
  );
}

function Remarks({ read, onClose }: { readonly read: ReadLines; readonly onClose: () => void }): ReactNode {
  const { lines, errors, ignored } = read;
  if (errors.length === 0 && ignored.length === 0 && lines.length > 0) return null;
  const title =
    errors.length === 0
      ? lines.length === 0
        ? 'В файле нет строк с количеством'
        : 'Прочитаны не все столбцы'
      : `Не прочитано: ${counted(errors.length, 'строка', 'строки', 'строк')}`;
  return (
    <Alert color={errors.length > 0 ? 'orange' : 'gray'} title={title} withCloseButton closeButtonLabel="Закрыть" onClose={onClose}>
      {errors.slice(0, MOST_SHOWN).map(({ row, column, reason }) => (
        <Text key={`${row} ${column}`} fz="sm">
          Строка {row}
          {column !== '' && `, «${column}»`}: {reason}
        </Text>
      ))}
      {errors.length > MOST_SHOWN && <Text fz="sm">И ещё {errors.length - MOST_SHOWN}.</Text>}
      {ignored.length > 0 && (
        <Text fz="sm" c="dimmed">
          Столбцы без пары: {ignored.map((heading) => `«${heading}»`).join(', ')}.
        </Text>
      )}
    </Alert>
  );
}

function draftLine({ goods, quantity, unit, price, sum, batch, expires_on }: ReadLines['lines'][number]): DraftLine {
  return {
    goods,
    quantity: shortest(quantity),
    unit,
    price: shortest(price ?? ''),
    sum: shortest(sum ?? ''),
    batch,
    expires_on: expires_on ?? '',
  };
}

/** What is counted replaces what stands there of the same goods; other lines come behind those that are there. */
export function joined(kind: StockKind, now: readonly DraftLine[], read: readonly DraftLine[]): readonly DraftLine[] {
  if (!kind.counts) return [...now, ...read];
  const counted = new Map(read.map((line) => [line.goods.id, line]));
  const there = new Set(now.map(({ goods }) => goods.id));
  const replaced = now.map((line) => {
    const { quantity, unit } = counted.get(line.goods.id) ?? line;
    return { ...line, quantity, unit };
  });
  return [...replaced, ...read.filter(({ goods }) => !there.has(goods.id))];
}
