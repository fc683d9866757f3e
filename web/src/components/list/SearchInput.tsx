import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useStillHere } from '@/components/ownPage';
import { limits } from '@/lib/api/limits';

interface SearchInputProps {
  label: string;
  value: string;
  /** Called when typing pauses; undefined for an empty field. */
  onSearch: (text: string | undefined) => void;
  width?: number;
}

/** A search field whose text ends up in the address. */
export function SearchInput({ label, value, onSearch, width = 320 }: SearchInputProps) {
  const isStillHere = useStillHere();
  const [typed, setTyped] = useState(value);
  const [searched, setSearched] = useState(value);
  const search = useDebouncedCallback((text: string) => {
    if (!isStillHere()) return; // would lead back
    setSearched(text);
    onSearch(text === '' ? undefined : text);
  }, 250);
  if (value !== searched) {
    // the address changed by itself (back button, link)
    setSearched(value);
    setTyped(value);
  }
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      w={width}
      {...limits.Query.q}
      leftSection={<IconSearch size={16} stroke={1.7} aria-hidden />}
      rightSection={
        typed === '' ? null : (
          <CloseButton
            size="sm"
            aria-label="Очистить поиск"
            onClick={() => {
              setTyped('');
              search('');
            }}
          />
        )
      }
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        search(event.currentTarget.value.trim());
      }}
    />
  );
}
