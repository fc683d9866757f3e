/** Sums by articles. */
import { ActionIcon, Button, Input, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { Choice } from '@/components/fields/Choice';
import { NumberField } from '@/components/fields/NumberField';
import type { ArticleChoice } from '@/entities/money/queries';
import { limits } from '@/lib/api/limits';
import { rubles } from '@/lib/text';
import { type DraftLine, EMPTY_LINE, type Faults, SUM, totalOf } from './moneyDraft';
import classes from './MoneyTable.module.css';

interface MoneyLinesProps {
  readonly articles: readonly ArticleChoice[] | undefined;
  /** Names of articles that are no choice any more. */
  readonly known: ReadonlyMap<string, string>;
  readonly lines: readonly DraftLine[];
  readonly faults: Faults;
  readonly note: ReactNode;
  readonly disabled: boolean;
  readonly onChange: (lines: readonly DraftLine[]) => void;
}

export function MoneyLines({ articles, known, lines, faults, note, disabled, onChange }: MoneyLinesProps): ReactNode {
  const table = useRef<HTMLTableElement>(null);
  const change = (index: number, part: Partial<DraftLine>) =>
    onChange(lines.map((line, at) => (at === index ? { ...line, ...part } : line)));
  const remove = (index: number) => {
    const rest = lines.filter((_, at) => at !== index);
    onChange(rest.length === 0 ? [EMPTY_LINE] : rest);
  };
  const add = () => {
    onChange([...lines, EMPTY_LINE]);
    requestAnimationFrame(() => table.current?.querySelector<HTMLInputElement>('tbody tr:last-child input')?.focus());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    if (event.key !== 'Delete' || !event.ctrlKey) return;
    const row = event.target instanceof HTMLElement ? event.target.closest('tr')?.dataset.line : undefined;
    if (row === undefined || disabled) return;
    event.preventDefault();
    remove(Number(row));
  };
  const data = choices(articles, known, lines);
  return (
    <div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Ctrl+Delete in a field of a line */}
      <table ref={table} className={classes.table} aria-label="Статьи" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th>№</th>
            <th>Статья</th>
            <th className={classes.right}>Сумма</th>
            <th>Примечание</th>
            <th>
              <VisuallyHidden>Убрать</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={index} data-line={index}>
              <td className={classes.place}>{index + 1}</td>
              <td>
                <Choice
                  aria-label={`Статья, строка ${index + 1}`}
                  placeholder="Выберите статью"
                  openOnFocus={false}
                  disabled={disabled || articles === undefined}
                  error={faults[`lines.${index}.article_id`]}
                  data={data}
                  value={line.article === '' ? null : line.article}
                  onChange={(article) => change(index, { article: article ?? '' })}
                />
              </td>
              <td className={classes.sum}>
                <NumberField
                  aria-label={`Сумма, строка ${index + 1}`}
                  classNames={{ input: classes.number }}
                  disabled={disabled}
                  error={faults[`lines.${index}.sum`]}
                  {...SUM}
                  value={line.sum}
                  onFocus={(event) => event.currentTarget.select()}
                  onChange={(sum) => change(index, { sum })}
                />
              </td>
              <td>
                <TextInput
                  aria-label={`Примечание, строка ${index + 1}`}
                  autoComplete="off"
                  disabled={disabled}
                  error={faults[`lines.${index}.note`]}
                  {...limits.WrittenMoneyLine.note}
                  value={line.note}
                  onChange={(event) => change(index, { note: event.currentTarget.value })}
                />
              </td>
              <td className={classes.remove}>
                {!disabled && lines.length > 1 && (
                  <ActionIcon
                    tabIndex={-1} // by the keyboard: Ctrl+Delete, without a stop in every line
                    mt={4}
                    aria-label={`Убрать строку ${index + 1}`}
                    onClick={() => remove(index)}
                  >
                    <IconX size={16} stroke={1.7} aria-hidden />
                  </ActionIcon>
                )}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <td>
              {!disabled && (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  tabIndex={-1}
                  leftSection={<IconPlus size={15} stroke={1.8} aria-hidden />}
                  disabled={lines.length >= limits.NewMoneyOutgo.lines.maxItems}
                  onClick={add}
                >
                  Ещё статья
                </Button>
              )}
            </td>
            <td className={classes.right}>
              <Text component="output" fw={600} className="tabular" aria-label="Сумма документа">
                {rubles(totalOf(lines))}
              </Text>
            </td>
            <td colSpan={2} />
          </tr>
        </tfoot>
      </table>
      {note !== undefined && <Input.Description mt={4}>{note}</Input.Description>}
      {faults.lines !== undefined && <Input.Error mt={4}>{faults.lines}</Input.Error>}
    </div>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}

/** Articles by their groups; those of the lines that were deleted since stay. */
function choices(
  articles: readonly ArticleChoice[] | undefined,
  known: ReadonlyMap<string, string>,
  lines: readonly DraftLine[],
): Option[] {
  const data = (articles ?? []).map(({ id, name, group }) => ({
    value: id,
    label: group === '' ? name : `${name} (${group})`,
  }));
  const offered = new Set(data.map(({ value }) => value));
  const gone = new Set(lines.map(({ article }) => article).filter((id) => id !== '' && !offered.has(id)));
  return [...data, ...[...gone].map((id) => ({ value: id, label: known.get(id) ?? 'Статья' }))];
}
