import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { TextLink } from '@/components/links';
import { ObjectLink } from '@/entities/object/ObjectLink';
import type { StockKind } from '@/entities/stock/queries';
import { nameIn, record, text } from '@/lib/api/facts';
import { useRight } from '@/lib/api/me';
import { isObjectType } from '@/lib/api/objectTypes';
import type { Problem } from '@/lib/api/problem';
import { formatMoment } from '@/lib/time';
import { formatNumber } from '@/lib/typed/numbers';
import { type DraftLine, unitName } from './documentDraft';

interface ShortageNoteProps {
  readonly error: Problem;
  readonly kinds: readonly StockKind[];
  /** Of the document, as typed and as stored: how their goods are counted. */
  readonly lines: readonly DraftLine[];
  /** The document's id, if it has one. */
  readonly own: string | undefined;
}

/** Of which goods how much is missing, where and since when; with the document there, and where one sees why. */
export function ShortageNote({ error, kinds, lines, own }: ShortageNoteProps): ReactNode {
  const maySee = useRight('stock_balances');
  const { goods, warehouse, moment, missing, document } = record(error.facts.shortage);
  const [goodsId, warehouseId, by] = [text(record(goods).id), text(record(warehouse).id), record(document)];
  const line = lines.find((one) => one.goods.id === goodsId);
  const unit = line === undefined ? '' : ` ${unitName(line.goods, 'write_off')}`;
  const title = kinds.find(({ key }) => key === by.kind)?.one_title ?? 'Документ';
  return (
    <Text fz="sm" role="note">
      <b>{nameIn(goods)}</b>, {nameIn(warehouse)}: на {formatMoment(text(moment))} не хватает{' '}
      {formatNumber(text(missing))}
      {unit}.{' '}
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
