import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { LinesFields } from '@/entities/visit/VisitEditor';
import { amountsOf } from '@/entities/visit/visitMoney';
import { GoodsTable } from './GoodsTable';
import { MaterialsPanel } from './MaterialsPanel';
import { ServicesTable } from './ServicesTable';
import { Totals } from './Totals';

/** All that was done, sold and used up in a visit. */
export function DocumentLines(fields: LinesFields): ReactNode {
  const { visit, draft, faults } = fields;
  const amounts = amountsOf([...draft.lines, ...draft.goods], draft.discount);
  const services = amounts.lines.slice(0, draft.lines.length);
  const whole = faults.lines ?? faults.goods ?? faults.discount ?? faults.materials;
  return (
    <Stack gap="sm">
      {visit.status === 'completed' && !visit.deleted && (
        <Text fz="sm" c="dimmed">
          Визит завершён, товары и материалы списаны. Чтобы изменить его, верните статус «на приёме».
        </Text>
      )}
      <ServicesTable {...fields} amounts={services} />
      {(!fields.disabled || draft.goods.length > 0) && (
        <GoodsTable {...fields} amounts={amounts.lines.slice(draft.lines.length)} />
      )}
      {whole !== undefined && (
        <Text fz="sm" c="var(--mantine-color-error)" role="alert">
          {whole}
        </Text>
      )}
      <Totals {...fields} amounts={amounts} />
      <MaterialsPanel {...fields} />
    </Stack>
  );
}
