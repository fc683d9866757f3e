/** What each warehouse has to keep of goods: below it they are on the list of what to buy. */
import { Button, Group, Paper, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { SaveRefusal } from '@/components/card/SaveRefusal';
import { theirNote } from '@/components/card/theirNote';
import { useCardEdits } from '@/components/card/useCardEdits';
import { Form } from '@/components/fields/Form';
import { NumberField } from '@/components/fields/NumberField';
import { Loading } from '@/components/Loading';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { minimumsQuery, refreshMinimums, setMinimum, type WarehouseMinimum } from '@/entities/stock/minimums';
import type { GoodsMovements } from '@/entities/stock/balances';
import { limits } from '@/lib/api/limits';
import type { Card } from '@/lib/cardEdits';
import { formatNumber, shortest } from '@/lib/typed/numbers';
import { Stocked } from './amounts';
import classes from './MinimumsBlock.module.css';

const RULES = { decimals: 4, ...limits.NewMinimum.quantity };

interface MinimumsProps {
  readonly goods: GoodsMovements['goods'];
}

export function MinimumsBlock({ goods }: MinimumsProps): ReactNode {
  const { data, error } = useQuery(minimumsQuery(goods.id));
  return (
    <Paper withBorder px="md" py="xs" component="section" aria-label="Минимальный остаток" className="no-paper">
      <ProblemAlert error={error} title="Минимумы не загрузились" />
      {data === undefined ? (
        error === null && <Loading height={60} what="Минимумы загружаются" />
      ) : (
        <Minimums goods={goods} warehouses={data.items} />
      )}
    </Paper>
  );
}

interface EditedProps extends MinimumsProps {
  readonly warehouses: readonly WarehouseMinimum[];
}

/** By warehouse; '' for none. */
function minimumsOf(warehouses: readonly WarehouseMinimum[]): Card {
  return Object.fromEntries(
    warehouses.map(({ warehouse_id, minimum }) => [warehouse_id, Number(minimum) === 0 ? '' : shortest(minimum)]),
  );
}

function Minimums({ goods, warehouses }: EditedProps): ReactNode {
  const saved = useMemo(() => minimumsOf(warehouses), [warehouses]);
  const edited = useCardEdits<Card>({
    saved,
    send: async (sending) => {
      for (const [warehouse_id, minimum] of Object.entries(sending)) {
        await setMinimum({ goods_id: goods.id, warehouse_id, quantity: minimum === '' ? '0' : String(minimum) });
      }
    },
    refresh: refreshMinimums,
    onSaved: () => reportDone('Минимальный остаток сохранён'),
  });
  const { card, edits, dirty, saving } = edited;
  return (
    <Form onSubmit={edited.save}>
      <Group justify="space-between" gap="md" mih={26} wrap="nowrap">
        <Text fz="sm" c="dimmed">
          Минимальный остаток{goods.unit !== '' && `, ${goods.unit}`}
        </Text>
        {dirty && (
          <Button type="submit" size="compact-sm" loading={saving.isPending}>
            Сохранить
          </Button>
        )}
      </Group>
      <table className={classes.table} aria-label="Минимальный остаток по складам">
        <thead>
          <tr>
            <th scope="col">Склад</th>
            <th scope="col" className={classes.amount}>
              Есть
            </th>
            <th scope="col">Минимум</th>
          </tr>
        </thead>
        <tbody>
          {warehouses.map(({ warehouse_id, warehouse, deleted, quantity, minimum }) => {
            const below = !deleted && Number(quantity) < Number(minimum);
            return (
              <tr key={warehouse_id}>
                <th scope="row">
                  {warehouse}
                  {deleted && ' (удалён)'}
                </th>
                <td className={classes.amount} data-below={below || undefined}>
                  <Stocked amount={quantity} word={false} />
                  {below && <span className={classes.word}>ниже минимума</span>}
                </td>
                <td>
                  <NumberField
                    {...RULES}
                    size="xs"
                    w={110}
                    aria-label={`Минимальный остаток: ${warehouse}`}
                    placeholder="не задан"
                    disabled={goods.deleted || deleted}
                    description={theirNote(edits, saved, warehouse_id, (theirs) => formatNumber(String(theirs)))}
                    inputWrapperOrder={['input', 'description', 'error']}
                    value={String(card[warehouse_id] ?? '')}
                    onChange={(next) => edited.setField(warehouse_id, next)}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <SaveRefusal what="Минимальный остаток" edited={edited} faults={null} />
      <UnsavedGuard when={dirty} />
    </Form>
  );
}
