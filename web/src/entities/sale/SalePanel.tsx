import { Group, Paper, Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { ReceiptState } from '@/entities/payment/receiptStates';
import { rubles } from '@/lib/text';
import { formatDate } from '@/lib/time';
import type { Sale } from './queries';

/** By what an issue of goods is paid, and what came back of it. Nothing of one that is no sale to a person. */
export function SalePanel({ sale }: { readonly sale: Sale }): ReactNode {
  if (sale.patient === null && sale.payments.length === 0) return null;
  return (
    <Paper withBorder p="sm" mb="md" component="section" aria-label="Оплата продажи">
      <Group gap="lg" wrap="wrap">
        {sale.patient !== null && (
          <Text fz="sm">
            {'Покупатель: '}
            <ObjectLink type="patient" id={sale.patient.id} inherit>
              {sale.patient.name}
            </ObjectLink>
          </Text>
        )}
        <Text fz="sm">{`Оплачено ${rubles(sale.paid)}`}</Text>
        {Number(sale.returned) > 0 && <Text fz="sm">{`Возвращено товаров на ${rubles(sale.returned)}`}</Text>}
        {sale.effective && Number(sale.due) > 0 && (
          <Text fz="sm" c="red" fw={500}>{`Не оплачено ${rubles(sale.due)}`}</Text>
        )}
      </Group>
      <Text fz="sm" c="dimmed" mt={4}>
        {sale.payments.map(({ id, number, moment, desk, certificate, share }, index) => (
          <Fragment key={id}>
            {index > 0 && ' · '}
            <ObjectLink type="payment" id={id} inherit>{`оплата № ${number} от ${formatDate(moment)}`}</ObjectLink>
            {`: ${rubles(share)}, ${desk?.name ?? `сертификат ${certificate}`}`}
          </Fragment>
        ))}
        {sale.receipts.map((receipt, index) => (
          <Fragment key={receipt.id}>
            {(index > 0 || sale.payments.length > 0) && ' · '}
            <ReceiptState {...receipt} />
          </Fragment>
        ))}
      </Text>
    </Paper>
  );
}
