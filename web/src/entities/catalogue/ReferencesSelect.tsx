import { Group, Loader, Pill } from '@mantine/core';
import { type ComponentProps, useState } from 'react';
import { Choices } from '@/components/fields/Choice';
import { ColorDot } from '@/components/ColorDot';
import type { Choice } from './queries';
import { CREATE, withCreate, withCreating, withKnown } from './choiceTexts';
import { useChoices } from './useChoices';

interface ReferencesSelectProps extends Omit<ComponentProps<typeof Choices>, 'data' | 'value' | 'onChange'> {
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
  const text = typed.trim();
  const data = withKnown(choices, known);
  const colors = new Map([...known, ...(choices ?? [])].map(({ id, color }) => [id, color]));

  return (
    <Choices
      hidePickedOptions
      nothingFoundMessage={text === '' ? 'Больше выбирать не из чего' : 'Ничего не нашли'}
      {...props}
      placeholder={value.length === 0 ? 'Не выбрано' : undefined}
      data={withCreate(data, text, onCreate !== undefined)}
      disabled={(props.disabled ?? false) || choices === undefined || busy}
      rightSection={busy ? <Loader size={14} /> : undefined}
      value={data.map((choice) => choice.value).filter((id) => value.includes(id))}
      creating={CREATE}
      onType={setTyped}
      filter={withCreating}
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
        if (ids.includes(CREATE)) onCreate?.(text);
        else onChange(ids);
      }}
    />
  );
}
