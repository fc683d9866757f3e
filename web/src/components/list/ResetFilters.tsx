import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isFiltered, unfiltered } from './listSearch';

/** «Сбросить», beside the filters of the address, to the first of which the focus goes; nothing while there are none. */
export function ResetFilters(): ReactNode {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  if (!isFiltered(search)) return null;
  return (
    <Button
      variant="subtle"
      onClick={(event) => {
        const filters = event.currentTarget.parentElement; // this button is gone in a moment
        (filters?.querySelector<HTMLElement>('input[type=search]') ?? filters?.querySelector('input'))?.focus();
        void navigate({ to: '.', search: unfiltered(search) });
      }}
    >
      Сбросить
    </Button>
  );
}
