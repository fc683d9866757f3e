/** Warnings about stock that would be below zero (see `aggregates/stock/stock_warnings.py`). */
import { Text } from '@mantine/core';
import { askingPast } from '@/components/askPast';
import { type Facts, list, nameIn, record, text } from '@/lib/api/facts';
import { useRight } from '@/lib/api/me';

/** The cards of the goods, each with where it comes to that. */
export function Shortages({ facts }: { readonly facts: Facts }) {
  const maySee = useRight('stock_balances');
  if (!maySee) return null;
  return (
    <Text fz="sm" mt={4}>
      Движение:{' '}
      {list(facts.shortages)
        .map(record)
        .map((one, index) => {
          const [goods, warehouse] = [one.goods, one.warehouse].map((named) => text(record(named).id));
          return (
            <span key={`${goods} ${warehouse}`}>
              {index > 0 && ', '}
              <a href={`/stock/goods/${goods}?warehouse=${warehouse}`} target="_blank" rel="noreferrer">
                {nameIn(one.goods)}
              </a>
            </span>
          );
        })}
    </Text>
  );
}

export const askPast = askingPast({ stock_short: { Details: Shortages } });
