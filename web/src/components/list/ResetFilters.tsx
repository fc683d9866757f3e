import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isFiltered, unfiltered } from './listSearch';

/** «Сбросить», beside the filters of the address; nothing while there are none. */
export function ResetFilters(): ReactNode {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  if (!isFiltered(search)) return null;
  return (
    <Button variant="subtle" onClick={() => void navigate({ to: '.', search: unfiltered(search) })}>
      Сбросить
    </Button>
  );
}
