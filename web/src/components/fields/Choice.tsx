import { CheckIcon, MultiSelect, type MultiSelectProps, Select, type SelectProps } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { nameKey } from '@/lib/text';
import { afterPress } from './afterPress';
import { byWords } from './byWords';
import { CREATES, useChosen } from './useChosen';

interface Item {
  value: string;
  label: string;
}

type Data = readonly (Item | { group: string; items: readonly Item[] })[];

interface Searched {
  data: Data;
  /** What is typed and not chosen, for lists that a server finds. */
  onType?: (typed: string) => void;
  /** The list for this text is still on its way. */
  waiting?: boolean;
  /** The line that makes something new of the text: chosen only by a click or by the arrows. */
  creating?: string;
}

type Own = 'data' | 'searchable' | 'searchValue' | 'onSearchChange' | 'defaultValue' | 'ref' | 'allowDeselect';

interface ChoiceProps extends Searched, Omit<SelectProps, Own | 'value' | 'onChange'> {
  value: string | null;
  onChange: (value: string | null) => void;
}

/** One of a list, found by typing. What is typed and not chosen stays in the field and isn't sent (`useChosen`). */
export function Choice(props: ChoiceProps): ReactNode {
  const { data, value, onChange, onType, waiting, creating, error, renderOption, clearable, ...rest } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const labels = useRef(new Map<string, string>()); // also of what is chosen and no longer offered
  for (const item of itemsOf(data)) labels.current.set(item.value, item.label);
  const label = value === null ? '' : (labels.current.get(value) ?? '');
  const type = (text: string | null) => {
    setTyped(text);
    onType?.(text ?? '');
  };
  const unchosen = typed === null || nameKey(typed) === nameKey(label) ? '' : typed;
  const field = useChosen({ typed: unchosen, waiting: waiting ?? false });
  return (
    <Select
      filter={byWords}
      {...rest}
      ref={field.ref}
      searchable
      clearable={clearable ?? false}
      allowDeselect={false}
      data={data as SelectProps['data']}
      error={field.fault ?? error}
      value={value}
      searchValue={typed ?? label}
      onChange={(next) => {
        type(null);
        onChange(next);
      }}
      renderOption={marked(renderOption, creating)}
      onInput={(event) => {
        field.onType();
        type(event.currentTarget.value);
      }}
      onKeyDown={field.onKeyDown}
      onInvalid={field.onInvalid}
      onBlur={(event) => {
        rest.onBlur?.(event);
        afterPress(() => {
          if (typed?.trim() === '') {
            // emptied: nothing is meant where that may be
            type(null);
            if (clearable === true && value !== null) onChange(null);
          } else if (unchosen === '') type(null);
          else field.onLeave();
        });
      }}
    />
  );
}

interface ChoicesProps extends Searched, Omit<MultiSelectProps, Own | 'value' | 'onChange'> {
  value: string[];
  onChange: (values: string[]) => void;
}

/** Several of a list, the same way. */
export function Choices(props: ChoicesProps): ReactNode {
  const { data, value, onChange, onType, waiting, creating, error, renderOption, ...rest } = props;
  const [typed, setTyped] = useState('');
  const type = (text: string) => {
    setTyped(text);
    onType?.(text);
  };
  const field = useChosen({ typed, waiting: waiting ?? false });
  return (
    <MultiSelect
      filter={byWords}
      {...rest}
      ref={field.ref}
      searchable
      data={data as MultiSelectProps['data']}
      error={field.fault ?? error}
      value={value}
      searchValue={typed}
      onChange={(next) => {
        type('');
        onChange(next);
      }}
      renderOption={marked(renderOption, creating)}
      onInput={(event) => {
        field.onType();
        type(event.currentTarget.value);
      }}
      onKeyDown={field.onKeyDown}
      onInvalid={field.onInvalid}
      onBlur={(event) => {
        rest.onBlur?.(event);
        afterPress(() => {
          if (typed.trim() === '') type('');
          else field.onLeave();
        });
      }}
    />
  );
}

function itemsOf(data: Data): readonly Item[] {
  return data.flatMap((one) => ('group' in one ? one.items : [one]));
}

type Render = NonNullable<SelectProps['renderOption']>;

/** The line that creates says so to `useChosen`. */
function marked(render: Render | undefined, creating: string | undefined): Render | undefined {
  if (creating === undefined) return render;
  return (line) => (
    <>
      <span {...(line.option.value === creating ? CREATES : {})}>{render?.(line) ?? line.option.label}</span>
      {render === undefined && line.checked === true && <CheckIcon size={12} />}
    </>
  );
}
