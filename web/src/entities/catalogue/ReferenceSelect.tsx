import { Loader } from '@mantine/core';
import { type ComponentProps, useState } from 'react';
import { Choice } from '@/components/fields/Choice';
import type { Ref } from '@/lib/api/model';
import { CREATE, withCreate, withCreating, withKnown } from './choiceTexts';
import { useChoices } from './useChoices';

interface ChoiceSelectProps extends Omit<ComponentProps<typeof Choice>, 'data' | 'value' | 'onChange'> {
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
  const [typed, setTyped] = useState('');
  const text = typed.trim();

  return (
    <Choice
      clearable
      placeholder="Не выбрано"
      {...props}
      data={withCreate(data, text, onCreate !== undefined)}
      creating={CREATE}
      disabled={(props.disabled ?? false) || choices === undefined || busy}
      rightSection={busy ? <Loader size={14} /> : undefined}
      value={value === '' ? null : value}
      onType={setTyped}
      filter={withCreating}
      onChange={(id) => {
        if (id === CREATE) onCreate?.(text);
        else onChange(id ?? '');
      }}
    />
  );
}
