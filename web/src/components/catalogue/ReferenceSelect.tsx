import { Loader, Select, type ComboboxItem, type SelectProps } from '@mantine/core';
import { useState } from 'react';
import type { Ref } from '@/lib/api/model';
import { CREATE, plain, withCreate, withKnown } from './choiceTexts';
import { useChoices } from './useChoices';

interface ChoiceSelectProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  /** undefined while they are on their way, or may not be read. */
  choices: readonly Ref[] | undefined;
  /** The chosen one's id, or ''. */
  value: string;
  /** What the saved one is called: one that was deleted since is no choice any more, but stays the value. */
  known?: Ref | null;
  onChange: (id: string) => void;
  busy?: boolean;
  onCreate?: ((name: string) => void) | undefined;
}

interface ReferenceSelectProps extends Omit<ChoiceSelectProps, 'choices' | 'busy' | 'onCreate'> {
  label: string;
  /** Key of the catalogue, or of the sets of rights. */
  catalogue: string;
}

/** A choice from a catalogue; who keeps the catalogue can add what is missing by its name. */
export function ReferenceSelect({ catalogue, ...props }: ReferenceSelectProps) {
  return <ChoiceSelect {...props} {...useChoices(catalogue, props.onChange)} />;
}

/** Things by name, found by typing; «Создать «…»» where the typed one is missing and may be made. */
export function ChoiceSelect({ choices, known, value, busy = false, onChange, onCreate, ...props }: ChoiceSelectProps) {
  const data = withKnown(choices, known ? [known] : []);
  const chosen = data.find((choice) => choice.value === value)?.label ?? '';
  const [typed, setTyped] = useState<string | null>(null);
  const wanted = typed?.trim() ?? '';

  return (
    <Select
      searchable
      clearable
      placeholder="Не выбрано"
      {...props}
      data={withCreate(data, wanted, onCreate !== undefined)}
      disabled={(props.disabled ?? false) || choices === undefined || busy}
      rightSection={busy ? <Loader size={14} /> : undefined}
      value={value === '' ? null : value}
      searchValue={typed ?? chosen}
      onSearchChange={setTyped}
      onBlur={() => setTyped(null)}
      filter={({ options, search }) =>
        typed === null
          ? options
          : (options as ComboboxItem[]).filter(
              (option) => option.value === CREATE || plain(option.label).includes(plain(search)),
            )
      }
      onChange={(id) => {
        setTyped(null);
        if (id === CREATE) onCreate?.(wanted);
        else onChange(id ?? '');
      }}
    />
  );
}
