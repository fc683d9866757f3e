import { Select, Switch, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import { NumberField } from '@/components/fields/NumberField';
import { PhoneField } from '@/components/fields/TextFields';
import { ColorField } from '@/components/ColorField';
import type { CatalogueField } from '@/entities/catalogue/queries';
import type { Value } from '@/lib/cardEdits';
import { limits } from '@/lib/api/limits';

/** Characters above which a text gets a field as high as a page. */
const LONG = 10_000;

export interface EntryFieldProps {
  field: CatalogueField;
  value: Value;
  /** What the saved entry refers to here is called. */
  referred?: string | undefined;
  /** The saved value, for a reference. */
  saved: Value;
  error: string | undefined;
  /** What somebody else saved here meanwhile. */
  note: ReactNode;
  disabled: boolean;
  /** Where the focus only passes by: a list opens by typing, a click or an arrow. */
  openOnFocus?: boolean;
  onChange: (value: Value) => void;
}

/** One field of an entry, drawn as its type asks. */
export function EntryField({
  field,
  value,
  referred,
  saved,
  error,
  note,
  disabled,
  openOnFocus = true,
  onChange,
}: EntryFieldProps) {
  const { name, label, type, required, max_length: limit, choices, refers_to: target } = field;
  const shared = {
    name,
    label,
    required,
    disabled,
    error,
    description: note,
    ...(name === 'name' ? { 'data-autofocus': true } : {}),
  };
  const text = String(value);
  switch (type) {
    case 'flag':
      return (
        <Switch
          {...shared}
          required={false}
          mt={6}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'lines':
      return (
        <Textarea
          {...shared}
          autosize
          minRows={limit > LONG ? 12 : 2}
          maxRows={limit > LONG ? 24 : 8}
          maxLength={limit}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'choice':
      return (
        <Select
          {...shared}
          clearable={!required}
          data={Object.entries(choices).map(([value, label]) => ({ value, label }))}
          value={text === '' ? null : text}
          onChange={(choice) => onChange(choice ?? '')}
        />
      );
    case 'color':
      return <ColorField {...shared} value={text} onChange={onChange} />;
    case 'reference': {
      const known = referred === undefined || saved === '' ? null : { id: String(saved), name: referred };
      return (
        <ReferenceSelect
          {...shared}
          openOnFocus={openOnFocus}
          catalogue={target}
          known={known}
          value={text}
          onChange={onChange}
        />
      );
    }
    case 'money':
      return (
        <NumberField {...shared} unit="₽" decimals={2} {...limits.NewService.price} value={text} onChange={onChange} />
      );
    case 'factor':
      return <NumberField {...shared} decimals={6} {...limits.Norm.quantity} value={text} onChange={onChange} />;
    case 'percent':
      return <NumberField {...shared} unit="%" decimals={2} value={text} onChange={onChange} />;
    case 'phone':
      return <PhoneField {...shared} placeholder={undefined} value={text} onChange={onChange} />;
    default:
      return (
        <TextInput
          {...shared}
          autoComplete="off"
          inputMode={type === 'inn' ? 'numeric' : undefined}
          maxLength={limit}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
