import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { TextLink } from '@/components/links';
import { ObjectLink } from '@/entities/object/ObjectLink';
import type { StockKind } from '@/entities/stock/queries';
import { quantity, unitName } from '@/entities/stock/units';
import { list, nameIn, record, text } from '@/lib/api/facts';
import { useRight } from '@/lib/api/me';
import { isObjectType } from '@/lib/api/objectTypes';
import type { Problem } from '@/lib/api/problem';
import { formatMoment } from '@/lib/time';
import type { DraftLine } from './documentDraft';

interface ShortageNotesProps {
  readonly error: Problem;
  readonly kinds: readonly StockKind[];
  /** Of the document, as typed and as stored: how their goods are counted. */
  readonly lines: readonly DraftLine[];
  /** The document's id, if it has one. */
  readonly own: string | undefined;
}

/** Of which goods how much is missing, where and since when; with the document there, and where one sees why. */
export function ShortageNotes({ error, ...known }: ShortageNotesProps): ReactNode {
  const shortages = list(error.facts.shortages).map(record);
  const others = Number(error.facts.others ?? 0);
  return (
    <Stack gap={4} mah={220} style={{ overflowY: 'auto' }} role="note">
      {shortages.map((shortage) => (
        <ShortageNote
          key={`${text(record(shortage.goods).id)} ${text(record(shortage.warehouse).id)}`}
          shortage={shortage}
          {...known}
        />
      ))}
      {others > 0 && <Text fz="sm">И ещё {others}.</Text>}
    </Stack>
  );
}

interface ShortageNoteProps extends Omit<ShortageNotesProps, 'error'> {
  readonly shortage: Readonly<Record<string, unknown>>;
}

function ShortageNote({ shortage, kinds, lines, own }: ShortageNoteProps): ReactNode {
  const maySee = useRight('stock_balances');
  const { goods, warehouse, moment, missing, document } = shortage;
  const [goodsId, warehouseId, by] = [text(record(goods).id), text(record(warehouse).id), record(document)];
  const line = lines.find((one) => one.goods.id === goodsId);
  const unit = line === undefined ? '' : unitName(line.goods, 'write_off');
  const title = by.kind === 'visit' ? 'Визит' : (kinds.find(({ key }) => key === by.kind)?.one_title ?? 'Документ');
  return (
    <Text fz="sm">
      <b>{nameIn(goods)}</b>, {nameIn(warehouse)}: на {formatMoment(text(moment))} не хватает{' '}
      {quantity(text(missing), unit)}.{' '}
      {isObjectType(by.kind) && by.id !== own && (
        <>
          <ObjectLink type={by.kind} id={text(by.id)} newTab inherit>
            {title} № {String(by.number)}
          </ObjectLink>
          .{' '}
        </>
      )}
      {maySee && (
        <TextLink
          to="/stock/goods/$id"
          params={{ id: goodsId }}
          search={{ warehouse: warehouseId }}
          target="_blank"
          rel="noreferrer"
        >
          Движение товара
        </TextLink>
      )}
    </Text>
  );
}
