import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { LinesFields } from '@/entities/visit/VisitEditor';
import { amountsOf } from '@/entities/visit/visitMoney';
import { useMe } from '@/lib/api/me';
import { GoodsTable } from '@/entities/visit/GoodsTable';
import { MaterialsPanel } from './MaterialsPanel';
import { ServicesTable } from './ServicesTable';
import { Totals } from '@/entities/visit/Totals';

/** All that was done, sold and used up in a visit. */
export function DocumentLines(fields: LinesFields): ReactNode {
  const me = useMe();
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
        <GoodsTable
          label="Товары визита"
          goods={draft.goods}
          amounts={amounts.lines.slice(draft.lines.length)}
          disabled={fields.disabled}
          faults={faults}
          creates={me.clinic.create_goods}
          onChange={(change) => fields.onChange((now) => change(now))}
        />
      )}
      {whole !== undefined && (
        <Text fz="sm" c="var(--mantine-color-error)" role="alert">
          {whole}
        </Text>
      )}
      <Totals
        label="Скидка на визит"
        discount={draft.discount}
        amounts={amounts}
        disabled={fields.disabled}
        faults={faults}
        onDiscount={(discount) => fields.onChange(() => ({ discount }))}
      />
      <MaterialsPanel {...fields} />
    </Stack>
  );
}
