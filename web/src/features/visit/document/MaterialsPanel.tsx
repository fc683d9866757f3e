import { ActionIcon, Badge, Button, Group, Stack, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconChevronRight, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { NumberField } from '@/components/fields/NumberField';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import { servicesQuery } from '@/entities/service/queries';
import { GoodsField } from '@/entities/stock/GoodsField';
import type { LinesFields } from '@/entities/visit/VisitEditor';
import { byNorms, type MaterialDraft, materialOf, QUANTITY } from '@/entities/visit/visitLines';
import { useRight } from '@/lib/api/me';
import { counted, rubles } from '@/lib/text';
import { decimal, divided, scaled } from '@/lib/typed/decimals';
import { formatNumber, shortest } from '@/lib/typed/numbers';
import { visitStockQuery } from '../queries';
import classes from '@/entities/visit/lines.module.css';

/** What the visit uses up: by the norms of its services until a person changes it; and from which warehouse. */
export function MaterialsPanel({ visit, draft, disabled, faults, onChange }: LinesFields): ReactNode {
  const [opened, setOpened] = useState(false);
  const { document } = visit;
  const completed = visit.status === 'completed';
  const services = useQuery(servicesQuery).data?.items ?? [];
  const written = document.written_off?.materials.map(({ goods, quantity }) => materialOf(goods, shortest(quantity)));
  const materials = completed ? (written ?? []) : (draft.materials ?? byNorms(draft.lines, services));
  const proposed = draft.materials === null;
  const warehouse = completed
    ? (document.written_off?.warehouse ?? null)
    : (draft.warehouse ?? document.default_warehouse);
  const shown =
    opened || Object.keys(faults).some((field) => field.startsWith('materials') || field === 'warehouse_id');
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm">
        <UnstyledButton aria-expanded={shown} onClick={() => setOpened(!opened)}>
          <Group gap={6}>
            <IconChevronRight size={16} stroke={1.8} aria-hidden style={{ rotate: shown ? '90deg' : undefined }} />
            <Text span fw={600}>
              {completed ? 'Списанные материалы' : 'Посмотреть материалы'}
            </Text>
            <Text span fz="sm" c="dimmed">
              {materials.length === 0 ? 'нет' : counted(materials.length, 'материал', 'материала', 'материалов')}
              {warehouse !== null && materials.length + draft.goods.length > 0 && `, ${warehouse.name}`}
            </Text>
          </Group>
        </UnstyledButton>
        {!completed && (
          <Badge variant="light" color={proposed ? 'gray' : 'blue'} tt="none" fw={500}>
            {proposed ? 'по нормам услуг' : 'изменено вручную'}
          </Badge>
        )}
      </Group>
      {shown && (
        <Materials
          visit={visit}
          draft={draft}
          disabled={disabled}
          faults={faults}
          materials={materials}
          warehouse={warehouse?.id ?? null}
          onChange={onChange}
        />
      )}
    </Stack>
  );
}

interface MaterialsProps extends LinesFields {
  readonly materials: readonly MaterialDraft[];
  readonly warehouse: string | null;
}

function Materials({ visit, draft, disabled, faults, materials, warehouse, onChange }: MaterialsProps): ReactNode {
  const seesCost = useRight('stock_balances');
  const ids = [...new Set([...materials, ...draft.goods].map(({ id }) => id))]
    .filter((id) => !id.startsWith('new:'))
    .sort();
  const stock = useQuery({ ...visitStockQuery(warehouse, ids), enabled: warehouse !== null && ids.length > 0 });
  const there = new Map((stock.data?.items ?? []).map((one) => [one.goods.id, one]));
  const completed = visit.status === 'completed';
  // the first change turns what the norms propose into what a person has chosen
  const set = (change: (lines: readonly MaterialDraft[]) => MaterialDraft[]) =>
    onChange((now) => ({ materials: change(now.materials ?? materials) }));
  const { default_warehouse: usual } = visit.document;
  return (
    <Stack gap="sm">
      {!completed && (
        <Group align="end" gap="sm">
          <ReferenceSelect
            label="Склад для списания"
            catalogue="warehouse"
            size="xs"
            w={280}
            clearable
            placeholder={usual?.name ?? 'Не выбран'}
            description={usual === null ? 'В настройках клиники склад для списания не указан' : undefined}
            disabled={disabled}
            error={faults.warehouse_id}
            known={draft.warehouse}
            value={draft.warehouse?.id ?? ''}
            onChange={(id) => onChange(() => ({ warehouse: id === '' ? null : { id, name: '' } }))}
          />
          {draft.materials !== null && !disabled && (
            <Button size="xs" variant="default" onClick={() => onChange(() => ({ materials: null }))}>
              Вернуть по нормам
            </Button>
          )}
        </Group>
      )}
      <table className={classes.table} aria-label="Материалы визита">
        <colgroup>
          <col />
          <col width={110} />
          <col width={100} />
          <col width={120} />
          {seesCost && <col width={120} />}
          <col width={38} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Материал</th>
            <th scope="col" className={classes.right}>
              Количество
            </th>
            <th scope="col">Ед.</th>
            <th scope="col" className={classes.right}>
              На складе
            </th>
            {seesCost && (
              <th scope="col" className={classes.right}>
                Себестоимость
              </th>
            )}
            <th scope="col">
              <VisuallyHidden>Убрать</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {materials.map((line, at) => {
            const left = there.get(line.id);
            const fault = faults[`materials.${at}.quantity`] ?? faults[`materials.${at}.goods_id`];
            return (
              <tr key={line.id} className={classes.line}>
                <td className={classes.name}>
                  {line.name}
                  {fault !== undefined && (
                    <Text fz="xs" c="var(--mantine-color-error)" role="alert">
                      {fault}
                    </Text>
                  )}
                </td>
                <td className={classes.sum}>
                  {disabled ? (
                    formatNumber(line.quantity)
                  ) : (
                    <NumberField
                      aria-label={`Количество: ${line.name}`}
                      size="xs"
                      {...QUANTITY}
                      reasonBelow={false}
                      classNames={{ input: classes.number ?? '' }}
                      error={fault !== undefined}
                      value={line.quantity}
                      onFocus={(event) => event.currentTarget.select()}
                      onChange={(quantity) =>
                        set((all) => all.map((one) => (one.id === line.id ? { ...one, quantity } : one)))
                      }
                    />
                  )}
                </td>
                <td>{line.unit}</td>
                <td
                  className={
                    isShort(line, left?.quantity) && !completed ? `${classes.sum} ${classes.short}` : classes.sum
                  }
                >
                  {left === undefined ? '–' : formatNumber(left.quantity)}
                </td>
                {seesCost && <td className={classes.sum}>{costOf(line, left?.average ?? null)}</td>}
                <td className={classes.right}>
                  {!disabled && (
                    <ActionIcon
                      tabIndex={-1}
                      aria-label={`Убрать материал: ${line.name}`}
                      onClick={() => set((all) => all.filter(({ id }) => id !== line.id))}
                    >
                      <IconX size={16} stroke={1.7} aria-hidden />
                    </ActionIcon>
                  )}
                </td>
              </tr>
            );
          })}
          {!disabled && (
            <tr>
              <td colSpan={seesCost ? 6 : 5}>
                <GoodsField
                  key={materials.length}
                  goods={null}
                  label="Добавить материал"
                  placeholder="Добавить материал: название или артикул"
                  disabled={false}
                  onChoose={(goods) =>
                    set((all) => (all.some(({ id }) => id === goods.id) ? [...all] : [...all, materialOf(goods, '1')]))
                  }
                />
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </Stack>
  );
}

function isShort({ quantity }: MaterialDraft, there: string | undefined): boolean {
  return there !== undefined && Number(there) < Number(quantity);
}

function costOf({ quantity }: MaterialDraft, average: string | null): string {
  const [amount, one] = [scaled(quantity, 4), average === null ? null : scaled(average, 2)];
  return amount === null || one === null ? '–' : rubles(decimal(divided(amount * one, 10_000n), 2));
}
