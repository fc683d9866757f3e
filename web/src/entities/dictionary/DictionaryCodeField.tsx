import { Loader, type SelectProps, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Choice } from '@/components/fields/Choice';
import { dictionariesQuery, dictionarySearchQuery, type DictionaryItem } from './queries';
import { nameKey } from '@/lib/text';

interface DictionaryCodeFieldProps extends Pick<SelectProps, 'label' | 'name' | 'disabled' | 'error' | 'description'> {
  label: string;
  oid: string;
  value: string;
  /** Characters of a code that is typed. */
  maxLength: number;
  /** What the saved code means; '' where no loaded dictionary knows it. */
  known: { code: string; name: string } | null;
  onChange: (code: string) => void;
}

/** A code of a federal dictionary, found by code or words; where the dictionary isn't loaded, digits as they are typed. */
export function DictionaryCodeField({
  oid,
  known,
  value,
  maxLength,
  onChange,
  ...field
}: DictionaryCodeFieldProps): ReactNode {
  const loaded = useQuery(dictionariesQuery).data?.items.some((version) => version.oid === oid);
  if (loaded === true) return <CodeSelect {...field} oid={oid} known={known} value={value} onChange={onChange} />;
  return (
    <TextInput
      {...field}
      description={field.description ?? (loaded === false && 'Справочник не загружен: введите код')}
      inputMode="numeric"
      autoComplete="off"
      maxLength={maxLength}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const labelOf = ({ code, name }: { code: string; name: string }) => (name === '' ? code : `${code} · ${name}`);

function CodeSelect({ oid, known, value, onChange, ...field }: Omit<DictionaryCodeFieldProps, 'maxLength'>): ReactNode {
  const [typed, setTyped] = useState('');
  const [picked, setPicked] = useState<DictionaryItem | null>(null);
  const [settled] = useDebouncedValue(typed, 200);
  const found = useQuery({ ...dictionarySearchQuery(oid, undefined, settled), placeholderData: keepPreviousData });
  const waiting = typed !== '' && (found.isFetching || settled !== typed);
  const words = nameKey(typed).split(' ');
  const items = (found.data?.items ?? []).filter(
    // what a former text found may be picked only where this one means it too
    (item) => item.actual && (!waiting || words.every((word) => nameKey(labelOf(item)).includes(word))),
  );
  const chosen = [picked, known].find((one) => one?.code === value) ?? { code: value, name: '' };
  const options = [...items, ...(value === '' || items.some(({ code }) => code === value) ? [] : [chosen])];
  return (
    <Choice
      {...field}
      clearable
      placeholder="Код или название"
      comboboxProps={{ width: 420, position: 'bottom-start' }}
      nothingFoundMessage={waiting ? 'Ищем…' : 'Ничего не нашли'}
      rightSection={waiting ? <Loader size={14} /> : undefined}
      data={options.map((item) => ({ value: item.code, label: labelOf(item) }))}
      // the server has searched already
      filter={({ options: all }) => all}
      value={value === '' ? null : value}
      waiting={waiting}
      onType={setTyped}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(code) => {
        setPicked(items.find((item) => item.code === code) ?? null);
        onChange(code ?? '');
      }}
    />
  );
}
