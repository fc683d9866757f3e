import { Input, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { TextLink } from '@/components/links';
import type { CatalogueField } from '@/entities/catalogue/queries';
import { stockDocumentQuery, type StockKind, stockKindsQuery } from '@/entities/stock/queries';
import { formatDate } from '@/lib/time';

/** The document whose goods come back: it is chosen by its own button, and stays. */
export function OriginField({
  field,
  value,
  error,
}: {
  readonly field: CatalogueField;
  readonly value: string;
  readonly error: string | undefined;
}): ReactNode {
  const id = useId();
  const { data } = useQuery(stockKindsQuery);
  const kind = data?.items.find(({ key }) => key === field.refers_to);
  return (
    <Input.Wrapper label={field.label} labelElement="div" labelProps={{ id }} error={error}>
      <Text aria-labelledby={id} role="group" py={6} size="sm">
        {value === '' || kind === undefined ? (
          'Откройте расходную накладную и нажмите «Возврат»'
        ) : (
          <Origin kind={kind} id={value} />
        )}
      </Text>
    </Input.Wrapper>
  );
}

function Origin({ kind, id }: { readonly kind: StockKind; readonly id: string }): ReactNode {
  const { data } = useQuery(stockDocumentQuery(kind, id));
  return (
    <TextLink to="/stock/$kind/$id" params={{ kind: kind.key, id }}>
      {data === undefined ? '…' : `№ ${data.number} от ${formatDate(String(data.fields.moment).slice(0, 10))}`}
    </TextLink>
  );
}
