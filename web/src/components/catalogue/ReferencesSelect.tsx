import { type ComboboxItem, Group, Loader, MultiSelect, type MultiSelectProps, Pill } from '@mantine/core';
import { useState } from 'react';
import { ColorDot } from '@/components/ColorDot';
import type { Choice } from '@/lib/api/catalogue';
import { CREATE, plain, withCreate, withKnown } from './choiceTexts';
import { useChoices } from './useChoices';

interface ReferencesSelectProps extends Omit<MultiSelectProps, 'data' | 'value' | 'onChange'> {
  label: string;
  /** Key of the catalogue. */
  catalogue: string;
  /** Ids of the chosen entries. */
  value: readonly string[];
  /** The saved ones: those that were deleted since are no choice any more, but stay. */
  known?: readonly Choice[];
  onChange: (ids: string[]) => void;
}

/** Several entries of a catalogue, each with its colour; who keeps the catalogue can add what is missing by its name. */
export function ReferencesSelect({ catalogue, value, known = [], onChange, ...props }: ReferencesSelectProps) {
  const { choices, busy, onCreate } = useChoices(catalogue, (id) => onChange([...value, id]));
  const [typed, setTyped] = useState('');
  const wanted = typed.trim();
  const data = withKnown(choices, known);
  const colors = new Map([...known, ...(choices ?? [])].map(({ id, color }) => [id, color]));

  return (
    <MultiSelect
      searchable
      hidePickedOptions
      nothingFoundMessage={wanted === '' ? 'Больше выбирать не из чего' : 'Ничего не нашли'}
      {...props}
      placeholder={value.length === 0 ? 'Не выбрано' : undefined}
      data={withCreate(data, wanted, onCreate !== undefined)}
      disabled={(props.disabled ?? false) || choices === undefined || busy}
      rightSection={busy ? <Loader size={14} /> : undefined}
      value={data.map((choice) => choice.value).filter((id) => value.includes(id))}
      searchValue={typed}
      onSearchChange={setTyped}
      onBlur={() => setTyped('')}
      filter={({ options, search }) =>
        (options as ComboboxItem[]).filter(
          (option) => option.value === CREATE || plain(option.label).includes(plain(search)),
        )
      }
      renderOption={({ option }) => (
        <Group gap={8} wrap="nowrap">
          <ColorDot color={colors.get(option.value) ?? ''} />
          {option.label}
        </Group>
      )}
      renderPill={({ option, onRemove, disabled }) => (
        <Pill withRemoveButton={disabled !== true} onRemove={onRemove ?? undefined}>
          <ColorDot color={colors.get(String(option.value)) ?? ''} mr={6} />
          {option.label}
        </Pill>
      )}
      onChange={(ids) => {
        setTyped('');
        if (ids.includes(CREATE)) onCreate?.(wanted);
        else onChange(ids);
      }}
    />
  );
}
