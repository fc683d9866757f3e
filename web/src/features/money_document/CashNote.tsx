import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { TextLink } from '@/components/links';
import { ObjectLink } from '@/entities/object/ObjectLink';
import type { MoneyKind } from '@/entities/money/queries';
import { nameIn, record, text } from '@/lib/api/facts';
import { useRight } from '@/lib/api/me';
import { isObjectType } from '@/lib/api/objectTypes';
import type { Problem } from '@/lib/api/problem';
import { rubles } from '@/lib/text';
import { formatMoment } from '@/lib/time';

interface CashNoteProps {
  readonly error: Problem;
  readonly kinds: readonly MoneyKind[];
  /** The document's id, if it has one. */
  readonly own: string | undefined;
}

/** In which desk money is missing, how much and when; with the document there, and where one sees why. */
export function CashNote({ error, kinds, own }: CashNoteProps): ReactNode {
  const maySee = useRight('desk_balances');
  const { desk, moment, missing, document } = record(error.facts.shortage);
  const by = record(document);
  const title = kinds.find(({ key }) => key === by.kind)?.one_title ?? 'Документ';
  const day = text(moment).slice(0, 10);
  return (
    <Text fz="sm" role="note">
      <b>{nameIn(desk)}</b>: на {formatMoment(text(moment))} не хватает {rubles(text(missing))}.{' '}
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
          to="/money/desks/$id"
          params={{ id: text(record(desk).id) }}
          search={{ from: day }}
          target="_blank"
          rel="noreferrer"
        >
          Движение кассы
        </TextLink>
      )}
    </Text>
  );
}
