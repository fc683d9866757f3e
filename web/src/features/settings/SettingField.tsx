import { NumberInput, Select, Text, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import type { ReactNode } from 'react';
import type { Value } from '@/lib/cardEdits';
import type { Setting } from './queries';

/** A value as the clinic's people call it; nothing where nothing is set. */
export function say(setting: Setting, value: Value): string {
  const choice = setting.choices?.find((each) => each.value === value);
  if (choice) return choice.label;
  return String(value);
}

/** What is saved, under a field that was touched here. */
function savedNote(value: string, byOthers: boolean): string[] {
  if (value === '') return byOthers ? ['Другой пользователь очистил это поле.'] : [];
  return [byOthers ? `Сейчас сохранено другим пользователем: ${value}.` : `Сохранено: ${value}.`];
}

interface SettingFieldProps {
  readonly setting: Setting;
  readonly value: Value;
  /** Not saved yet. */
  readonly changed: boolean;
  /** What somebody else saved here meanwhile. */
  readonly others: string | null;
  readonly fault: string | null;
  readonly onChange: (value: Value) => void;
}

export function SettingField({ setting, value, changed, others, fault, onChange }: SettingFieldProps): ReactNode {
  const notes = [
    ...(others === null ? [] : savedNote(others, true)),
    ...(changed && others === null ? savedNote(say(setting, setting.value), false) : []),
  ];
  const known = [
    setting.hint,
    setting.waits_for === '' ? '' : `Начнёт действовать с появлением ${setting.waits_for}.`,
  ].filter((text) => text !== '');
  const description =
    notes.length + known.length > 0 ? (
      <Text span inherit c={others === null ? 'dimmed' : 'orange.9'}>
        {[...known, ...notes].join(' ')}
      </Text>
    ) : undefined;
  const shared = {
    label: setting.label,
    description,
    error: fault ?? undefined,
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
  };
  if (setting.choices) {
    const { choices } = setting;
    return (
      <Select
        {...shared}
        allowDeselect={false}
        searchable={choices.length > 8}
        data={choices.map((choice, index) => ({ value: String(index), label: choice.label }))}
        value={String(choices.findIndex((choice) => choice.value === value))}
        onChange={(index) => {
          const choice = choices[Number(index)];
          if (index !== null && choice) onChange(choice.value);
        }}
      />
    );
  }
  if (setting.type === 'date') {
    return (
      <DateInput
        {...shared}
        clearable
        w={200}
        value={value === '' ? null : String(value)}
        onChange={(day) => onChange(day === null ? '' : day.slice(0, 10))}
      />
    );
  }
  if (setting.type === 'number') {
    return (
      <NumberInput
        {...shared}
        styles={{ input: { maxWidth: 160 } }}
        min={0}
        allowDecimal={false}
        value={typeof value === 'number' ? value : 0}
        onChange={(next) => onChange(typeof next === 'number' ? next : 0)}
        hideControls
      />
    );
  }
  return (
    <TextInput
      {...shared}
      maxLength={setting.limit}
      value={String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
