/** What an outgo pays of the receipts of goods of its supplier, or an income of the invoices to its payer; the rest is an advance. */
import { Button, Group, Input, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { NumberField } from '@/components/fields/NumberField';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { type MoneyDocument, unpaidInvoicesQuery, unpaidReceiptsQuery } from '@/entities/money/queries';
import { fromKopecks, kopecks, rubles } from '@/lib/text';
import { shortest } from '@/lib/typed/numbers';
import { type DraftPayment, type Faults, kopecksOf, SUM, totalOf } from './moneyDraft';
import classes from './MoneyTable.module.css';

const WORDS = {
  stock_receipt: {
    title: 'За какие поступления',
    table: 'Оплата поступлений',
    one: 'Поступление',
    of: 'поступление',
    advance: 'аванс поставщику',
  },
  invoice: { title: 'По каким счетам', table: 'Оплата счетов', one: 'Счёт', of: 'счёт', advance: 'без счёта' },
} as const;

interface ReceiptPaymentsProps {
  readonly paid: keyof typeof WORDS;
  readonly supplier: string;
  readonly document: MoneyDocument | null;
  /** Of the document, rubles. */
  readonly total: string;
  readonly pays: readonly DraftPayment[];
  readonly faults: Faults;
  readonly disabled: boolean;
  readonly onChange: (pays: readonly DraftPayment[]) => void;
}

interface Row {
  readonly id: string;
  readonly name: string;
  /** Kopecks. */
  readonly due: number;
  readonly rest: number;
}

export function ReceiptPayments(props: ReceiptPaymentsProps): ReactNode {
  const { paid, supplier, document, total, pays, faults, disabled, onChange } = props;
  const words = WORDS[paid];
  const receipts = useQuery({ ...unpaidReceiptsQuery(supplier, document?.id), enabled: paid === 'stock_receipt' });
  const invoices = useQuery({ ...unpaidInvoicesQuery(supplier, document?.id), enabled: paid === 'invoice' });
  const { data } = paid === 'invoice' ? invoices : receipts;
  const rows = rowsOf(data?.items, document);
  if (rows.length === 0) return null;
  const typed = new Map(pays.map(({ receipt, sum }) => [receipt, sum]));
  const set = (receipt: string, sum: string) =>
    onChange([...pays.filter((one) => one.receipt !== receipt), ...(sum === '' ? [] : [{ receipt, sum }])]);
  const allocated = kopecks(totalOf(pays));
  const advance = kopecks(total) - allocated;
  const share = () => {
    let left = kopecks(total);
    const shared = rows.map(({ id, rest }) => {
      const part = Math.min(left, rest);
      left -= part;
      return { receipt: id, sum: shortest(fromKopecks(part)) };
    });
    onChange(shared.filter(({ sum }) => sum !== '0'));
  };
  return (
    <div>
      <Group justify="space-between" maw={980} mb={6}>
        <Text fw={600}>{words.title}</Text>
        {!disabled && (
          <Button variant="default" size="compact-sm" tabIndex={-1} disabled={kopecks(total) === 0} onClick={share}>
            Распределить со старых
          </Button>
        )}
      </Group>
      <table className={classes.table} aria-label={words.table}>
        <thead>
          <tr>
            <th>{words.one}</th>
            <th className={classes.right}>Сумма</th>
            <th className={classes.right}>Не оплачено</th>
            <th className={classes.right}>Оплатить</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, due, rest }) => (
            <tr key={id}>
              <td className={classes.text}>
                <ObjectLink type={paid} id={id} newTab inherit>
                  {name}
                </ObjectLink>
              </td>
              <td className={`${classes.text} ${classes.right} tabular`}>{rubles(fromKopecks(due))}</td>
              <td className={`${classes.text} ${classes.right} tabular`}>{rubles(fromKopecks(rest))}</td>
              <td className={classes.sum}>
                <NumberField
                  aria-label={`Оплатить, ${words.of} ${name}`}
                  classNames={{ input: classes.number }}
                  disabled={disabled}
                  error={kopecksOf(typed.get(id) ?? '') > rest ? 'Больше, чем не оплачено' : undefined}
                  {...SUM}
                  value={typed.get(id) ?? ''}
                  onFocus={(event) => event.currentTarget.select()}
                  onChange={(sum) => set(id, sum)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Text fz="sm" c="dimmed" mt={4}>
        Распределено {rubles(fromKopecks(allocated))}
        {advance > 0 && `, ${words.advance} ${rubles(fromKopecks(advance))}`}
      </Text>
      {(faults.pays !== undefined || advance < 0) && (
        <Input.Error mt={4}>{faults.pays ?? 'Распределено больше, чем сумма документа.'}</Input.Error>
      )}
    </div>
  );
}

/** Receipts that aren't paid whole, and those that this document pays. */
function rowsOf(
  unpaid: readonly { id: string; name: string; due: string; paid: string }[] | undefined,
  document: MoneyDocument | null,
): Row[] {
  const rows = (unpaid ?? []).map(({ id, name, due, paid }) => ({
    id,
    name,
    due: kopecks(due),
    rest: kopecks(due) - kopecks(paid),
  }));
  const known = new Set(rows.map(({ id }) => id));
  const own = (unpaid === undefined ? [] : (document?.pays ?? [])).filter(({ receipt_id: id }) => !known.has(id));
  return [
    ...own.map(({ receipt_id: id, receipt, due, sum }) => ({
      id,
      name: receipt,
      due: kopecks(due),
      rest: kopecks(sum),
    })),
    ...rows,
  ];
}
