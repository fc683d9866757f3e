import { Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Choice } from '@/components/fields/Choice';
import { DateField } from '@/components/fields/DateField';
import { CountField } from '@/components/fields/NumberField';
import type { Value } from '@/lib/cardEdits';
import type { Setting } from './queries';

/** A value as the clinic's people call it; nothing where nothing is set. */
export function formatValue(setting: Setting, value: Value): string {
  const choice = setting.choices?.find((each) => each.value === value);
  if (choice) return choice.label;
  return String(value);
}

interface SettingFieldProps {
  readonly setting: Setting;
  readonly value: Value;
  /** What is saved in it, where it was touched here. */
  readonly note: ReactNode;
  readonly fault: string | null;
  readonly onChange: (value: Value) => void;
}

export function SettingField({ setting, value, note, fault, onChange }: SettingFieldProps): ReactNode {
  const known = [
    setting.hint,
    setting.waits_for === '' ? '' : `Начнёт действовать с появлением ${setting.waits_for}.`,
  ].filter((text) => text !== '');
  const description =
    known.length > 0 || Boolean(note) ? (
      <>
        {known.join(' ')} {note}
      </>
    ) : undefined;
  const shared = {
    label: setting.label,
    description,
    error: fault ?? undefined,
  };
  if (setting.choices) {
    const { choices } = setting;
    const pick = {
      ...shared,
      data: choices.map((choice, index) => ({ value: String(index), label: choice.label })),
      value: String(choices.findIndex((choice) => choice.value === value)),
      onChange: (index: string | null) => {
        const choice = choices[Number(index)];
        if (index !== null && choice) onChange(choice.value);
      },
    };
    return choices.length > 8 ? <Choice {...pick} /> : <Select {...pick} allowDeselect={false} />;
  }
  if (setting.type === 'date') {
    return (
      <DateField
        {...shared}
        styles={{ input: { maxWidth: 200 } }}
        leaning="this-year"
        value={String(value)}
        onChange={onChange}
      />
    );
  }
  if (setting.type === 'number') {
    return (
      <CountField
        {...shared}
        styles={{ wrapper: { maxWidth: 160 } }}
        min={setting.minimum}
        max={setting.maximum}
        value={typeof value === 'number' ? value : 0}
        onChange={onChange}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      maxLength={setting.max_length}
      value={String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
