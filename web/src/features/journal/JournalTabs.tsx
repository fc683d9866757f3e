import { SegmentedControl } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** What the journal tells of: changes, or looks at personal data. */
export function JournalTabs({ shown }: { readonly shown: '/journal' | '/journal/viewings' }): ReactNode {
  const navigate = useNavigate();
  return (
    <SegmentedControl
      aria-label="Что показать"
      mb="sm"
      style={{ alignSelf: 'flex-start' }}
      value={shown}
      data={[
        { value: '/journal', label: 'Действия' },
        { value: '/journal/viewings', label: 'Просмотры' },
      ]}
      onChange={(to) => void navigate({ to })}
    />
  );
}
