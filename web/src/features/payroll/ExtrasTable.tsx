/** What a person adds to an accrual, or takes from it. */
import { ActionIcon, Button, Input, Table, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import { Choice } from '@/components/fields/Choice';
import { NumberField } from '@/components/fields/NumberField';
import { optionsOf } from '@/components/fields/options';
import { isNothing, Sum } from '@/entities/money/amounts';
import { EXTRAS } from '@/entities/payroll/queries';
import { limits } from '@/lib/api/limits';
import { type DraftExtra, EMPTY_EXTRA, extrasTotal, type Faults, SUM } from './accrualDraft';

interface ExtrasTableProps {
  readonly extras: readonly DraftExtra[];
  readonly faults: Faults;
  readonly note: ReactNode;
  readonly disabled: boolean;
  readonly onChange: (extras: readonly DraftExtra[]) => void;
}

export function ExtrasTable({ extras, faults, note, disabled, onChange }: ExtrasTableProps): ReactNode {
  const table = useRef<HTMLTableElement>(null);
  const change = (index: number, part: Partial<DraftExtra>) =>
    onChange(extras.map((extra, at) => (at === index ? { ...extra, ...part } : extra)));
  const add = () => {
    onChange([...extras, EMPTY_EXTRA]);
    requestAnimationFrame(() => table.current?.querySelector<HTMLInputElement>('tbody tr:last-child input')?.focus());
  };
  const total = extrasTotal(extras);
  return (
    <div>
      {extras.length > 0 && (
        <Table ref={table} withTableBorder maw={860} mb={6} aria-label="Дополнительно">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={220}>Дополнительно</Table.Th>
              <Table.Th w={160} ta="right">
                Сумма
              </Table.Th>
              <Table.Th>Примечание</Table.Th>
              <Table.Th w={44}>
                <VisuallyHidden>Убрать</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {extras.map((extra, index) => (
              <Table.Tr key={index}>
                <Table.Td>
                  <Choice
                    aria-label={`Вид, строка ${index + 1}`}
                    openOnFocus={false}
                    disabled={disabled}
                    data={optionsOf(EXTRAS)}
                    value={extra.kind}
                    onChange={(kind) => change(index, { kind: (kind ?? 'bonus') as DraftExtra['kind'] })}
                  />
                </Table.Td>
                <Table.Td>
                  <NumberField
                    aria-label={`Сумма, строка ${index + 1}`}
                    styles={{ input: { textAlign: 'right' } }}
                    disabled={disabled}
                    error={faults[`extras.${index}.sum`]}
                    {...SUM}
                    value={extra.sum}
                    onChange={(sum) => change(index, { sum })}
                  />
                </Table.Td>
                <Table.Td>
                  <TextInput
                    aria-label={`Примечание, строка ${index + 1}`}
                    autoComplete="off"
                    disabled={disabled}
                    error={faults[`extras.${index}.note`]}
                    {...limits.NewPayExtra.note}
                    value={extra.note}
                    onChange={(event) => change(index, { note: event.currentTarget.value })}
                  />
                </Table.Td>
                <Table.Td>
                  {!disabled && (
                    <ActionIcon
                      aria-label={`Убрать строку ${index + 1}`}
                      onClick={() => onChange(extras.filter((_, at) => at !== index))}
                    >
                      <IconX size={16} stroke={1.7} aria-hidden />
                    </ActionIcon>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {!disabled && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={15} stroke={1.8} aria-hidden />}
          disabled={extras.length >= limits.NewPayAccrual.extras.maxItems}
          onClick={add}
        >
          Премия, аванс, удержание
        </Button>
      )}
      {extras.length > 0 && !isNothing(total) && (
        <Text span fz="sm" ml="sm">
          Вместе <Sum amount={total} />
        </Text>
      )}
      {note !== undefined && <Input.Description mt={4}>{note}</Input.Description>}
      {faults.extras !== undefined && <Input.Error mt={4}>{faults.extras}</Input.Error>}
    </div>
  );
}
